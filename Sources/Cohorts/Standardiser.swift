public import Tensors

/// Brings features to one scale: subtracts a mean and divides by a standard deviation.
public struct Standardiser: Equatable, Sendable {
  /// What is subtracted from each feature.
  public var means: [Double]
  /// What each feature is divided by; never zero.
  public var scales: [Double]

  /// A scale that is known already.
  ///
  /// - Precondition: there is a scale other than zero for every mean.
  public init(means: [Double], scales: [Double]) {
    precondition(
      means.count == scales.count && !scales.contains(0),
      "\(scales.count) scales, none of them zero, do not fit \(means.count) means")
    self.means = means
    self.scales = scales
  }

  /// The mean and standard deviation (of the population, divided by n) that sums stand for.
  ///
  /// A feature without spread gets the scale 1: it becomes 0 where it is what it always was. No
  /// spread means none above 10^-6 of the feature's size, below which squares in double precision
  /// hold nothing but rounding.
  ///
  /// - Precondition: the sums are over one patient or more.
  public init(_ sums: FeatureSums) {
    precondition(sums.count > 0, "there is no scale of features without patients")
    // A feature that nobody is known to have has the mean 0 and the scale 1.
    let counts = sums.known.map { Double(max(1, $0)) }
    means = zip(sums.sums, counts).map { $0 / $1 }
    scales = zip(means, zip(sums.squares, counts)).map { mean, total in
      let square = total.0 / total.1
      let variance = square - mean * mean
      return variance > 1e-12 * square ? variance.squareRoot() : 1
    }
  }

  /// Every row of `inputs` on the new scale; what is missing becomes 0, the mean.
  public func applied(to inputs: Matrix) -> Matrix {
    applied(to: inputs, rows: 0..<inputs.rows)
  }

  /// The rows of `inputs` at `rows`, in that order, on the new scale; what is missing becomes 0.
  ///
  /// - Precondition: there is a mean for every column.
  public func applied(to inputs: Matrix, rows: some Collection<Int>) -> Matrix {
    precondition(
      inputs.columns == means.count,
      "\(means.count) means do not fit the \(inputs.columns) columns of the inputs")
    var scaled: [Float] = []
    scaled.reserveCapacity(rows.count * inputs.columns)
    for row in rows {
      for (column, number) in inputs.row(row).enumerated() {
        scaled.append(
          number.isNaN ? 0 : Float((Double(number) - means[column]) / scales[column]))
      }
    }
    return Matrix(rows: rows.count, columns: inputs.columns, scalars: scaled)
  }
}
