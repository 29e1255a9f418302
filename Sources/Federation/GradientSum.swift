/// The sum of meta-gradients over the episodes of one hospital, in double precision and in the order
/// of the episodes.
struct GradientSum {
  private(set) var numbers: [Double]

  init(count: Int) {
    numbers = Array(repeating: 0, count: count)
  }

  /// Forgets what was added and keeps the memory.
  mutating func reset() {
    for index in numbers.indices { numbers[index] = 0 }
  }

  mutating func add(_ gradient: [Float]) {
    for index in numbers.indices { numbers[index] += Double(gradient[index]) }
  }

  mutating func add(_ gradient: [Float], times weight: Double) {
    for index in numbers.indices { numbers[index] += Double(gradient[index]) * weight }
  }

  mutating func addSquares(of gradient: [Float]) {
    for index in numbers.indices {
      numbers[index] += Double(gradient[index]) * Double(gradient[index])
    }
  }

  /// Replaces each number by what `change` makes of its place and of itself.
  mutating func change(_ change: (Int, Double) -> Double) {
    for index in numbers.indices { numbers[index] = change(index, numbers[index]) }
  }

  /// What ``rounded`` is when one gradient alone has been added.
  static func rounded(of gradient: [Float]) -> [Float] {
    // A sum begins with zero, which makes a negative zero positive.
    unsafe [Float](unsafeUninitializedCapacity: gradient.count) { rounded, count in
      for index in gradient.indices { unsafe rounded[index] = 0 + gradient[index] }
      count = gradient.count
    }
  }

  /// The sum as it travels.
  var rounded: [Float] {
    // Room is made once and not asked after for each number, so that several are rounded at a time.
    unsafe [Float](unsafeUninitializedCapacity: numbers.count) { rounded, count in
      for index in numbers.indices { unsafe rounded[index] = Float(numbers[index]) }
      count = numbers.count
    }
  }
}
