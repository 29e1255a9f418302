#if canImport(Glibc)
  import Glibc
#endif

/// Adam without a first moment, for an inner loop: `v <- beta2 v + (1 - beta2) g^2` from zero, and step `i` is
/// `rate g / (sqrt(v / (1 - beta2^i)) + epsilon)`.
///
/// Every task begins anew. The published code of Reptile lets the second moment go on from task to task while
/// training, which would make what a hospital sends depend on what it was asked before.
///
/// Reference: Kingma and Ba, "Adam: a method for stochastic optimization", 2015, with `beta1 = 0` as in Nichol,
/// Achiam and Schulman 2018.
public struct InnerAdam: Equatable, Sendable {
  /// How fast old squares are forgotten.
  public var beta2: Double
  /// What is added to roots.
  public var epsilon: Double

  /// The constants as published, unless others are given.
  public init(beta2: Double = 0.999, epsilon: Double = 1e-8) {
    self.beta2 = beta2
    self.epsilon = epsilon
  }
}

/// Makes the steps of an inner loop: plain ones, or those of ``InnerAdam``.
struct InnerSteps {
  private let rate: Float
  private let adam: InnerAdam?
  private var squares: [Float]
  private var taken = 0

  init(rate: Float, adam: InnerAdam?, parameterCount: Int) {
    self.rate = rate
    self.adam = adam
    squares = adam == nil ? [] : .zeros(parameterCount)
  }

  /// Begins a task.
  mutating func begin() {
    squares.fill(0)
    taken = 0
  }

  /// Makes the next step; allocates nothing.
  mutating func step(_ position: inout [Float], along gradient: [Float]) {
    guard let adam else { return position.update(gradient) { [rate] in $0 - rate * $1 } }
    taken += 1
    // The complements are taken in `Double`: in `Float`, 1 - 0.999 alone has an error of 1e-5.
    let (kept, share) = (Float(adam.beta2), Float(1 - adam.beta2))
    let correction = Float(1 / (1 - pow(adam.beta2, Double(taken))))
    let epsilon = Float(adam.epsilon)
    squares.update(gradient) { kept * $0 + share * $1 * $1 }
    position.update(gradient, squares) { [rate] here, g, v in
      here - rate * g / ((v * correction).squareRoot() + epsilon)
    }
  }
}
