import Models

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
  /// An optimiser that has made no step yet.
  private let fresh: Optimiser?
  private var adam: Optimiser?

  init(rate: Float, adam: InnerAdam?, parameterCount: Int) {
    self.rate = rate
    fresh = adam.map {
      Optimiser(
        .adam(rate: Double(rate), beta1: 0, beta2: $0.beta2, epsilon: $0.epsilon),
        parameterCount: parameterCount)
    }
  }

  /// Begins a task; with Adam its first step allocates the moments.
  mutating func begin() { adam = fresh }

  /// Makes the next step.
  mutating func step(_ position: inout [Float], along gradient: [Float]) {
    guard fresh != nil else { return position.update(gradient) { [rate] in $0 - rate * $1 } }
    adam?.step(&position, along: gradient)
  }
}
