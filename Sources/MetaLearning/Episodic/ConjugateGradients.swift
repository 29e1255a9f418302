/// Solves `A x = b` for a symmetric positive definite `A` that is known by its products.
///
/// Where a direction of zero or negative curvature turns up, `A` is not positive definite and the method has no
/// meaning from there on: it stops with what it has, or with `b` if that is nothing yet, and says so.
///
/// Reference: Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems", 1952.
struct ConjugateGradients {
  /// How a solution went.
  struct Outcome {
    /// The products that were taken.
    var iterations = 0
    /// The norm of `b - A x` over that of `b`, as the iteration knows it.
    var residual = 0.0
    /// Whether the curvature along a direction was not positive.
    var isIndefinite = false
  }

  private var residual: [Float]
  private var direction: [Float]
  private var product: [Float]

  /// A solver for so many unknowns; solving allocates nothing.
  init(count: Int) {
    residual = .zeros(count)
    (direction, product) = (residual, residual)
  }

  /// Overwrites `x` with the solution, from zero, in at most so many iterations; `multiply` overwrites
  /// its second argument with `A` times the first.
  mutating func solve(
    _ b: [Float], into x: inout [Float], iterations: Int, tolerance: Double,
    multiplying multiply: ([Float], inout [Float]) -> Void
  ) -> Outcome {
    x.fill(0)
    residual.take(b)
    direction.take(b)
    var outcome = Outcome()
    let start = b.dot(b)
    var square = start
    while outcome.iterations < iterations, square > start * tolerance * tolerance {
      multiply(direction, &product)
      let curvature = direction.dot(product)
      outcome.iterations += 1
      guard curvature > 0 else {
        outcome.isIndefinite = true
        if outcome.iterations == 1 { x.take(b) }
        break
      }
      let next = advance(&x, by: square / curvature)
      let share = Float(next / square)
      direction.update(residual) { $1 + share * $0 }
      square = next
    }
    outcome.residual = start > 0 ? (square / start).squareRoot() : 0
    return outcome
  }

  /// Moves along the direction and gives the square of the residual there.
  private mutating func advance(_ x: inout [Float], by step: Double) -> Double {
    let step = Float(step)
    x.update(direction) { $0 + step * $1 }
    residual.update(product) { $0 - step * $1 }
    return residual.dot(residual)
  }
}
