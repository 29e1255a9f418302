import Tensors

/// Patients around their mean, by no more coordinates than there are patients.
///
/// With more features than patients, weights that are worth a penalty lie in the span of the patients: with
/// `X X^T = L L^T`, the rows of `L` are the patients in an orthonormal basis of it, in which penalties of
/// weights stay what they are.
struct CentredRows {
  /// The mean of each feature.
  let means: [Double]
  /// A row for each patient.
  let coordinates: DenseRows
  /// The features of each patient, where they are not the coordinates.
  private let features: DenseRows?

  init(_ inputs: Matrix) {
    let (count, width) = (inputs.rows, inputs.columns)
    let means = (0..<width).map { column in
      (0..<count).reduce(0) { $0 + Double(inputs[$1, column]) } / Double(count)
    }
    let rows = DenseRows(count: count, width: width) { row, column in
      Double(inputs[row, column]) - means[column]
    }
    self.means = means
    features = width > count ? rows : nil
    coordinates = width > count ? rows.products.factorOfProducts() : rows
  }

  /// The weights of the features, out of those of the coordinates.
  func weights(of own: [Double]) -> [Double] {
    guard let features else { return own }
    let shares = coordinates.solvingTransposed(own)
    return (0..<features.width).map { column in
      (0..<features.count).reduce(0) { $0 + shares[$1] * features[$1, column] }
    }
  }
}
