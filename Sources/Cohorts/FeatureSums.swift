public import Tensors

/// The sums and squares of every feature over some patients: all that a hospital says of its
/// patients so that features can be brought to one scale across hospitals.
public struct FeatureSums: Equatable, Sendable {
  /// The number of patients that were summed over.
  public var count: Int
  /// The sum of each feature.
  public var sums: [Double]
  /// The sum of squares of each feature.
  public var squares: [Double]

  /// Takes sums as they are.
  ///
  /// - Precondition: there are as many squares as sums.
  public init(count: Int, sums: [Double], squares: [Double]) {
    precondition(
      sums.count == squares.count, "\(sums.count) sums do not fit \(squares.count) squares")
    self.count = count
    self.sums = sums
    self.squares = squares
  }

  /// The sums over no patients.
  public init(features: Int) {
    self.init(
      count: 0, sums: Array(repeating: 0, count: features),
      squares: Array(repeating: 0, count: features))
  }

  /// The sums over the rows of `inputs`, added in their order in double precision.
  public init(of inputs: Matrix) {
    self.init(features: inputs.columns)
    count = inputs.rows
    for row in 0..<inputs.rows {
      for column in 0..<inputs.columns {
        let number = Double(inputs[row, column])
        sums[column] += number
        squares[column] += number * number
      }
    }
  }

  /// The sums over the patients of both.
  ///
  /// Floating-point addition: bit-identical totals need one order, for instance of hospitals' names.
  ///
  /// - Precondition: both have the same number of features.
  public static func + (left: Self, right: Self) -> Self {
    precondition(
      left.sums.count == right.sums.count,
      "sums of \(left.sums.count) and of \(right.sums.count) features do not add")
    return FeatureSums(
      count: left.count + right.count, sums: zip(left.sums, right.sums).map { $0 + $1 },
      squares: zip(left.squares, right.squares).map { $0 + $1 })
  }

  /// Whether patients can exist that have these sums; asked of sums that came from elsewhere.
  ///
  /// Counts are positive, numbers finite, and no square falls short of what the sum demands, up to
  /// rounding (Cauchy and Schwarz).
  public var isPlausible: Bool {
    count > 0
      && zip(sums, squares).allSatisfy { sum, square in
        sum.isFinite && square.isFinite && square * (1 + 1e-9) >= sum * sum / Double(count)
      }
  }
}
