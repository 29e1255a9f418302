/// What became of one golden case.
struct GoldenReport {
  /// One quantity compared with its recorded value.
  struct Check {
    let quantity: String
    /// `norm(got - want) / max(norm(want), 1e-3)`.
    let error: Double
    let tolerance: Double
    var passes: Bool { error <= tolerance }
  }

  /// What the README of the cases suggests for arithmetic in `Float`.
  static let tolerance = 2e-5

  let name: String
  private(set) var checks: [Check] = []

  init(name: String) {
    self.name = name
  }

  /// The check that is nearest to its tolerance, or farthest beyond.
  var worst: Check? { checks.max { $0.error / $0.tolerance < $1.error / $1.tolerance } }

  mutating func check(
    _ quantity: String, _ got: [Float], _ want: [Double], tolerance: Double = Self.tolerance
  ) {
    check(quantity, got.map(Double.init), want, tolerance: tolerance)
  }

  mutating func check(
    _ quantity: String, _ got: [Double], _ want: [Double], tolerance: Double = Self.tolerance
  ) {
    let difference = got.count == want.count ? Self.norm(zip(got, want).map { $0 - $1 }) : .infinity
    checks.append(
      Check(
        quantity: quantity, error: difference / max(Self.norm(want), 1e-3), tolerance: tolerance))
  }

  static func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
