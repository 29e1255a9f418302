#if canImport(Glibc)
  import Glibc
#endif

/// Newton's method for a penalised linear model of centred features.
///
/// With more features than patients the weights lie in the span of the patients, and are sought
/// there: systems are never larger than the smaller of the two numbers, and one for the intercept.
struct LinearFit {
  private(set) var weights: [Double]
  private(set) var intercept = 0.0

  private static let steps = 25

  init(_ rows: [[Double]], _ outcomes: [Double], _ kind: OutcomeKind, penalty: Double) {
    let columns = rows.first?.count ?? 0
    let isDual = rows.count < columns
    let gram = isDual ? rows.map { row in rows.map { $0.dot(row) } } : []
    let basis = isDual ? gram : rows
    let size = basis.first?.count ?? 0
    let ridge = isDual ? gram : Self.identity(size)
    var problem = Problem(
      basis: basis, ridge: ridge, outcomes: outcomes, penalty: penalty,
      isClassification: kind == .classification)
    let solution = problem.solve(steps: kind == .classification ? Self.steps : 1)
    intercept = solution[size]
    weights = Array(repeating: 0, count: columns)
    for (place, factor) in solution.prefix(size).enumerated() {
      if isDual {
        for column in 0..<columns { weights[column] += factor * rows[place][column] }
      } else {
        weights[place] = factor
      }
    }
  }

  private static func identity(_ size: Int) -> [[Double]] {
    (0..<size).map { row in (0..<size).map { $0 == row ? 1 : 0 } }
  }
}

extension LinearFit {
  /// The loss as a function of coordinates in a basis, and of the intercept after them.
  private struct Problem {
    let basis: [[Double]]
    let ridge: [[Double]]
    let outcomes: [Double]
    let penalty: Double
    let isClassification: Bool

    mutating func solve(steps: Int) -> [Double] {
      let size = ridge.count
      var point = [Double](repeating: 0, count: size + 1)
      for _ in 0..<steps {
        let (gradient, hessian) = derivatives(at: point)
        let step = hessian.solution(of: gradient)
        for place in point.indices { point[place] -= step[place] }
        if step.dot(gradient) < 1e-12 { break }
      }
      return point
    }

    private func derivatives(at point: [Double]) -> (gradient: [Double], hessian: [[Double]]) {
      let size = ridge.count
      var gradient = [Double](repeating: 0, count: size + 1)
      var hessian = [[Double]](repeating: gradient, count: size + 1)
      for (row, outcome) in zip(basis, outcomes) {
        add(row + [1], outcome, at: point, &gradient, &hessian)
      }
      if isClassification {
        let mean = [Double](repeating: 0, count: size) + [1]
        for outcome in [0.0, 1.0] { add(mean, outcome, at: point, &gradient, &hessian) }
      }
      for row in 0..<size {
        gradient[row] += penalty * ridge[row].dot(Array(point.prefix(size)))
        for column in 0..<size { hessian[row][column] += penalty * ridge[row][column] }
        // A patient who is there twice makes the dual system singular.
        hessian[row][row] += 1e-9
      }
      return (gradient, hessian)
    }

    private func add(
      _ row: [Double], _ outcome: Double, at point: [Double], _ gradient: inout [Double],
      _ hessian: inout [[Double]]
    ) {
      let score = row.dot(point)
      let predicted = isClassification ? 1 / (1 + exp(-score)) : score
      let curvature = isClassification ? max(predicted * (1 - predicted), 1e-10) : 1
      for place in row.indices {
        gradient[place] += (predicted - outcome) * row[place]
        let factor = curvature * row[place]
        for other in row.indices { hessian[place][other] += factor * row[other] }
      }
    }
  }
}

extension [Double] {
  fileprivate func dot(_ other: [Double]) -> Double {
    var sum = 0.0
    for place in indices { sum += self[place] * other[place] }
    return sum
  }
}

extension [[Double]] {
  /// The solution of a symmetric positive definite system, by Cholesky's factorisation.
  fileprivate func solution(of right: [Double]) -> [Double] {
    let factor = cholesky
    var x = right
    for row in indices {
      for column in 0..<row { x[row] -= factor[row][column] * x[column] }
      x[row] /= factor[row][row]
    }
    for row in indices.reversed() {
      for below in (row + 1)..<Swift.max(count, row + 1) { x[row] -= factor[below][row] * x[below] }
      x[row] /= factor[row][row]
    }
    return x
  }

  private var cholesky: [[Double]] {
    var factor = self
    for row in indices {
      for column in 0...row {
        var sum = self[row][column]
        for place in 0..<column { sum -= factor[row][place] * factor[column][place] }
        factor[row][column] =
          row == column ? Swift.max(sum, 1e-300).squareRoot() : sum / factor[column][column]
      }
    }
    return factor
  }
}
