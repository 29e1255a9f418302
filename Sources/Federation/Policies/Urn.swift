import Tensors

/// Draws places with probabilities in exact proportion to whole weights.
///
/// A draw takes a ticket below the sum of the weights and looks for whose it is, in O(log n); where
/// not every place is wanted, tickets are drawn again until one is, which leaves the proportions
/// among the wanted places as they are. No logarithm is taken, so no library decides a draw.
struct Urn {
  /// Tickets after which the wanted places are gone through one by one.
  private static let patience = 64

  private let weights: [Int]
  /// For each place the sum of the weights up to it, its own included.
  private let upTo: [Int]

  /// - Precondition: no weight is negative, and their sum is below 2^63.
  init(weights: [Int]) {
    self.weights = weights
    var sum = 0
    upTo = weights.map { weight in
      precondition(weight >= 0, "a weight is no less than zero, not \(weight)")
      sum += weight
      return sum
    }
  }

  /// A place that is wanted and has a weight, in proportion to the weights of all such; `nil` where
  /// there is none.
  func draw(using stream: inout RandomStream, where isWanted: (Int) -> Bool) -> Int? {
    guard let total = upTo.last, total > 0 else { return nil }
    for _ in 0..<Self.patience {
      let place = holder(of: stream.integer(below: total))
      if isWanted(place) { return place }
    }
    let wanted = weights.indices.filter { weights[$0] > 0 && isWanted($0) }
    guard !wanted.isEmpty else { return nil }
    let few = Urn(weights: wanted.map { weights[$0] })
    return wanted[few.holder(of: stream.integer(below: few.upTo.last ?? 1))]
  }

  /// So many different places, drawn one after the other, each in proportion to its weight among
  /// those not yet drawn; fewer where fewer have a weight.
  func sample(_ count: Int, using stream: inout RandomStream) -> [Int] {
    var drawn: Set<Int> = []
    var order: [Int] = []
    while order.count < count,
      let place = draw(using: &stream, where: { !drawn.contains($0) })
    {
      drawn.insert(place)
      order.append(place)
    }
    return order
  }

  /// The first place whose weights up to it exceed `ticket`.
  private func holder(of ticket: Int) -> Int {
    var (low, high) = (0, upTo.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if upTo[middle] > ticket { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
