public import Tensors

/// The sums and squares of every feature over some patients: all that a hospital says of its
/// patients so that features can be brought to one scale across hospitals.
public struct FeatureSums: Equatable, Sendable {
  /// The number of patients that were summed over.
  public var count: Int
  /// The number of patients of whom each feature is known.
  public var known: [Int]
  /// The sum of each feature.
  public var sums: [Double]
  /// The sum of squares of each feature.
  public var squares: [Double]

  /// Takes sums as they are; each feature is known of all patients unless `known` says otherwise.
  ///
  /// - Precondition: there are as many squares as sums, and as many numbers of the known.
  public init(count: Int, known: [Int]? = nil, sums: [Double], squares: [Double]) {
    precondition(
      sums.count == squares.count && known?.count ?? sums.count == sums.count,
      "\(sums.count) sums do not fit \(squares.count) squares")
    self.count = count
    self.known = known ?? Array(repeating: count, count: sums.count)
    self.sums = sums
    self.squares = squares
  }

  /// The sums over no patients.
  public init(features: Int) {
    self.init(
      count: 0, sums: Array(repeating: 0, count: features),
      squares: Array(repeating: 0, count: features))
  }

  /// The sums over the rows of `inputs`, added in their order in double precision; what is missing,
  /// NaN, is not counted.
  ///
  /// The last `codes` columns are no amounts, and are counted of nobody: so a ``Standardiser`` leaves them as they are.
  public init(of inputs: Matrix, codes: Int = 0) {
    self.init(features: inputs.columns)
    count = inputs.rows
    for row in 0..<inputs.rows {
      for column in 0..<inputs.columns - codes {
        let number = Double(inputs[row, column])
        if number.isNaN { continue }
        known[column] += 1
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
      count: left.count + right.count, known: zip(left.known, right.known).map { $0 + $1 },
      sums: zip(left.sums, right.sums).map { $0 + $1 },
      squares: zip(left.squares, right.squares).map { $0 + $1 })
  }

  /// Whether patients can exist that have these sums; asked of sums that came from elsewhere.
  ///
  /// Counts are positive, numbers finite, and no square falls short of what the sum demands, up to
  /// rounding (Cauchy and Schwarz).
  public var isPlausible: Bool {
    count > 0
      && sums.indices.allSatisfy { feature in
        let (sum, square) = (sums[feature], squares[feature])
        guard (1...count).contains(known[feature]) else {
          return known[feature] == 0 && sum == 0 && square == 0
        }
        return sum.isFinite && square.isFinite
          && square * (1 + 1e-9) >= sum * sum / Double(known[feature])
      }
  }

  /// The sums without those of features that too few patients are known to have: what may be said.
  ///
  /// - Parameters:
  ///   - minimum: The fewest patients that a sum may be over.
  ///   - patients: The patients of whom each feature is known, where there are several records of each.
  /// - Returns: The sums, 0 over nobody where they may not be told.
  public func disclosable(minimum: Int, patients: [Int]? = nil) -> FeatureSums {
    var told = self
    for feature in known.indices where (patients ?? known)[feature] < minimum {
      (told.known[feature], told.sums[feature], told.squares[feature]) = (0, 0, 0)
    }
    return told
  }
}
