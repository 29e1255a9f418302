public import Tensors

/// Whatever mini-batches can be drawn from: what hospitals train on by themselves.
public protocol BatchedSource: EpisodeSource {
  /// The patients that may be trained on; `nil` where every batch makes its own points.
  var trainable: Int? { get }
  /// Mini-batches of so many examples, in an order that `random` decides.
  func miniBatches(of size: Int, using random: RandomStream) throws(CohortError) -> MiniBatches
}

/// Mini-batches without end.
///
/// Patients come in an order drawn anew each time that all have come, in batches of equal size: those
/// that would not fill one wait for another order. Where there are fewer than fill one, a batch is all
/// of them.
public struct MiniBatches {
  private let examples: (ArraySlice<Int>, inout RandomStream) -> Examples
  private let population: Int
  private let size: Int
  private var random: RandomStream
  private var order: ArraySlice<Int> = []

  /// Batches out of `population` rows, made by `examples`.
  ///
  /// - Precondition: there is a row, and a batch is not empty.
  init(
    of size: Int, from population: Int, using random: RandomStream,
    examples: @escaping (ArraySlice<Int>, inout RandomStream) -> Examples
  ) {
    precondition(size > 0 && population > 0, "\(population) patients make no batches of \(size)")
    self.examples = examples
    self.population = population
    self.size = min(size, population)
    self.random = random
  }

  /// The next batch.
  public mutating func next() -> Examples {
    if order.count < size { order = random.sample(population, of: population)[...] }
    defer { order = order.dropFirst(size) }
    return examples(order.prefix(size), &random)
  }
}

extension SinusoidFamily: BatchedSource {
  /// None: every batch makes its own points.
  public var trainable: Int? { nil }

  /// Batches of which each is of a new wave.
  public func miniBatches(of size: Int, using random: RandomStream) -> MiniBatches {
    MiniBatches(of: size, from: size, using: random) { rows, random in
      trainingEpisode(support: rows.count, query: 0, using: &random).support
    }
  }
}
