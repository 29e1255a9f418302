/// The extreme eigenvalues of a symmetric matrix that is known by its products.
///
/// Reference: Lanczos 1950, with every new vector made orthogonal to all before.
struct Lanczos {
  private var diagonal: [Double] = []
  private var besides: [Double] = []

  init(size: Int, multiplying multiply: ([Float]) -> [Float]) {
    var basis: [[Double]] = []
    var next = (0..<size).map { Double(($0 * 37 + 11) % 101) - 50 }
    while basis.count < min(size, 80) {
      let length = Self.norm(next)
      guard basis.isEmpty || length > 1e-5 else { break }
      if !basis.isEmpty { besides.append(length) }
      let vector = next.map { $0 / length }
      basis.append(vector)
      next = multiply(vector.map { Float($0) }).map(Double.init)
      diagonal.append(Self.dot(next, vector))
      for _ in 0..<2 { Self.makeOrthogonal(&next, to: basis) }
    }
  }

  /// The smallest eigenvalue, by bisection on how many are smaller than a number.
  var smallestEigenvalue: Double {
    var (below, above) = (-1e3, 1e3)
    for _ in 0..<60 {
      let middle = (below + above) / 2
      if count(below: middle) > 0 { above = middle } else { below = middle }
    }
    return (below + above) / 2
  }

  /// The negative pivots of the tridiagonal matrix minus a number.
  private func count(below number: Double) -> Int {
    var (count, pivot) = (0, 1.0)
    for (index, entry) in diagonal.enumerated() {
      let beside = index == 0 ? 0 : besides[index - 1]
      pivot = entry - number - beside * beside / (pivot == 0 ? 1e-300 : pivot)
      count += pivot < 0 ? 1 : 0
    }
    return count
  }

  private static func makeOrthogonal(_ vector: inout [Double], to basis: [[Double]]) {
    for other in basis {
      let share = dot(vector, other)
      for index in vector.indices { vector[index] -= share * other[index] }
    }
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func norm(_ x: [Double]) -> Double { dot(x, x).squareRoot() }
}
