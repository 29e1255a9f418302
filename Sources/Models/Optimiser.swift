#if canImport(Glibc)
  import Glibc
#endif

/// Steps parameters against gradients, and keeps what it has to remember between steps.
///
///     var optimiser = Optimiser(.adam(rate: 0.001), parameterCount: parameters.count)
///     optimiser.step(&parameters, along: gradient)
///
/// Rule and state are values: a run is resumed from a copy of them.
public struct Optimiser: Codable, Equatable, Sendable {
  /// How a step is made of a gradient `g`; `i` counts the steps from 1.
  public enum Rule: Codable, Equatable, Sendable {
    /// `x -= rate g`.
    case sgd(rate: Double)
    /// `u = factor u + g` from zero, `x -= rate u`; Polyak 1964.
    case momentum(rate: Double, factor: Double)
    /// `m = beta1 m + (1 - beta1) g` and `v = beta2 v + (1 - beta2) g^2` from zero, then
    /// `x -= rate (m / (1 - beta1^i)) / (sqrt(v / (1 - beta2^i)) + epsilon)`; Kingma and Ba 2015.
    case adam(rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  }

  /// How a step is made.
  public let rule: Rule
  /// The steps made so far.
  public private(set) var steps = 0
  /// The velocity `u` of `momentum`, or the first moment `m` of `adam`; else empty.
  public private(set) var firstMoment: [Float]
  /// The second moment `v` of `adam`; else empty.
  public private(set) var secondMoment: [Float]

  /// An optimiser of so many parameters that has not made a step yet.
  public init(_ rule: Rule, parameterCount: Int) {
    self.rule = rule
    let zeros = [Float](repeating: 0, count: parameterCount)
    (firstMoment, secondMoment) =
      switch rule {
      case .sgd: ([], [])
      case .momentum: (zeros, [])
      case .adam: (zeros, zeros)
      }
  }

  /// An optimiser that has made steps already.
  ///
  /// - Precondition: the moments have as many numbers as those of an optimiser of this rule.
  public init(_ rule: Rule, steps: Int, firstMoment: [Float], secondMoment: [Float]) {
    self.init(rule, parameterCount: firstMoment.count)
    precondition(
      self.firstMoment.count == firstMoment.count && self.secondMoment.count == secondMoment.count,
      "moments of \(firstMoment.count) and \(secondMoment.count) numbers do not fit \(rule)")
    self.steps = steps
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
  }

  /// Makes one step; allocates nothing.
  ///
  /// - Precondition: there are as many numbers in `gradient` as in `parameters`, and as many as the
  ///   optimiser was made for.
  public mutating func step(_ parameters: inout [Float], along gradient: [Float]) {
    precondition(
      parameters.count == gradient.count
        && (firstMoment.isEmpty || firstMoment.count == gradient.count),
      "a gradient of \(gradient.count) numbers does not fit \(parameters.count) parameters")
    steps += 1
    switch rule {
    case .sgd(let rate): Self.descend(&parameters, along: gradient, rate: Float(rate))
    case .momentum(let rate, let factor):
      decay(factor, adding: gradient)
      Self.descend(&parameters, along: firstMoment, rate: Float(rate))
    case .adam(let rate, let beta1, let beta2, let epsilon):
      updateMoments(with: gradient, beta1: beta1, beta2: beta2)
      let first = rate / (1 - pow(beta1, Double(steps)))
      let second = 1 / (1 - pow(beta2, Double(steps)))
      descendAlongMoments(&parameters, first: first, second: second, epsilon: epsilon)
    }
  }
}

// MARK: Rules

extension Optimiser {
  private static func descend(_ parameters: inout [Float], along direction: [Float], rate: Float) {
    for index in parameters.indices { parameters[index] -= rate * direction[index] }
  }

  private mutating func decay(_ factor: Double, adding gradient: [Float]) {
    let factor = Float(factor)
    for index in gradient.indices {
      firstMoment[index] = factor * firstMoment[index] + gradient[index]
    }
  }

  // The complements are taken in `Double`: in `Float`, 1 - 0.999 alone has an error of 1e-5.
  private mutating func updateMoments(with gradient: [Float], beta1: Double, beta2: Double) {
    let (decay1, share1) = (Float(beta1), Float(1 - beta1))
    let (decay2, share2) = (Float(beta2), Float(1 - beta2))
    for index in gradient.indices {
      let g = gradient[index]
      firstMoment[index] = decay1 * firstMoment[index] + share1 * g
      secondMoment[index] = decay2 * secondMoment[index] + share2 * g * g
    }
  }

  private func descendAlongMoments(
    _ parameters: inout [Float], first: Double, second: Double, epsilon: Double
  ) {
    let (first, second, epsilon) = (Float(first), Float(second), Float(epsilon))
    for index in parameters.indices {
      let spread = (secondMoment[index] * second).squareRoot() + epsilon
      parameters[index] -= first * firstMoment[index] / spread
    }
  }
}
