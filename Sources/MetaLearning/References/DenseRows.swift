/// Rows of numbers in double precision, and what small symmetric systems need.
struct DenseRows {
  let count: Int
  let width: Int
  private var numbers: [Double]

  /// Zeros.
  init(count: Int, width: Int) {
    self.count = count
    self.width = width
    numbers = Array(repeating: 0, count: count * width)
  }

  /// What `number` says of each row and column.
  init(count: Int, width: Int, number: (Int, Int) -> Double) {
    self.init(count: count, width: width)
    for row in 0..<count {
      for column in 0..<width { self[row, column] = number(row, column) }
    }
  }

  subscript(row: Int, column: Int) -> Double {
    get { numbers[row * width + column] }
    set { numbers[row * width + column] = newValue }
  }

  /// The inner product of two rows' first `length` numbers.
  func product(_ row: Int, _ other: Int, length: Int) -> Double {
    var sum = 0.0
    for column in 0..<length { sum += self[row, column] * self[other, column] }
    return sum
  }
}

// MARK: Symmetric systems, by Cholesky's factorisation

extension DenseRows {
  /// The products of all pairs of rows, below the diagonal and on it.
  var products: DenseRows {
    DenseRows(count: count, width: count) { row, other in
      other <= row ? product(row, other, length: width) : 0
    }
  }

  /// The lower triangular `L` of a symmetric matrix `L L^T` that is given below its diagonal and on it.
  ///
  /// Where the matrix is singular, as of patients around their mean, a pivot is taken as `floor` times
  /// the largest entry of the diagonal. What is left of a row after less than `negligible` times that entry
  /// is rounding, and is not told from nothing.
  func factor(floor: Double = 1e-12, negligible: Double? = nil) -> DenseRows {
    var factor = DenseRows(count: count, width: count)
    let largest = (0..<count).map { self[$0, $0] }.max() ?? 0
    let least = floor * largest + Double.leastNormalMagnitude
    let rounding = negligible.map { $0 * largest } ?? -.infinity
    var isSpent = Array(repeating: false, count: count)
    for row in 0..<count {
      var left = self[row, row]
      for column in 0..<row where !isSpent[column] && left >= rounding {
        let rest = self[row, column] - factor.product(row, column, length: column)
        factor[row, column] = rest / factor[column, column]
        left -= factor[row, column] * factor[row, column]
      }
      let pivot = self[row, row] - factor.product(row, row, length: row)
      isSpent[row] = pivot < rounding
      factor[row, row] = max(pivot, least).squareRoot()
    }
    return factor
  }

  /// The same of the products of rows that may depend on each other.
  ///
  /// Rounding that is divided by a pivot of rounding may come out as large as it, and then grows from row
  /// to row without end. Where it does, it is left out.
  func factorOfProducts() -> DenseRows {
    let negligible = 1e-10
    let factor = factor()
    let largest = (0..<count).map { self[$0, $0] }.max() ?? 0
    let isSteady = (0..<count).allSatisfy { column in
      let pivot = factor[column, column]
      return pivot * pivot >= negligible * largest
        || (column + 1..<count).allSatisfy { abs(factor[$0, column]) <= pivot / 2 }
    }
    return isSteady ? factor : self.factor(negligible: negligible)
  }

  /// The `x` of `L x = right`, where these are the rows of a lower triangular `L`.
  func solving(_ right: [Double]) -> [Double] {
    var x = right
    for row in 0..<count {
      for column in 0..<row { x[row] -= self[row, column] * x[column] }
      x[row] /= self[row, row]
    }
    return x
  }

  /// The `x` of `L^T x = right`, where these are the rows of a lower triangular `L`.
  func solvingTransposed(_ right: [Double]) -> [Double] {
    var x = right
    for row in (0..<count).reversed() {
      x[row] /= self[row, row]
      for column in 0..<row { x[column] -= self[row, column] * x[row] }
    }
    return x
  }
}
