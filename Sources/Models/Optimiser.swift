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
    /// `u = factor u + g` from zero, `x -= rate (g + factor u)`; Nesterov 1983, as Sutskever et al. 2013.
    case nesterov(rate: Double, factor: Double)
    /// `m = beta1 m + (1 - beta1) g` and `v = beta2 v + (1 - beta2) g^2` from zero, then
    /// `x -= rate (m / (1 - beta1^i)) / (sqrt(v / (1 - beta2^i)) + epsilon)`; Kingma and Ba 2015.
    case adam(rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
    /// `x *= 1 - rate decay`, then as `adam`; Loshchilov and Hutter 2019.
    case adamW(
      rate: Double, decay: Double, beta1: Double = 0.9, beta2: Double = 0.999,
      epsilon: Double = 1e-8)
    /// The rules of adaptive federated optimisation.
    case adaptive(Adaptive)
    /// Gradient descent or Adam at a rate that descends too.
    case hypergradient(Hypergradient)
  }

  /// How a step is made.
  public let rule: Rule
  /// The steps made so far.
  public internal(set) var steps = 0
  /// The velocity `u` of `momentum` and `nesterov`, or the first moment `m`; of `hypergradient` on gradient
  /// descent the last gradient, and of both its kinds two numbers more, whose sum is the rate; of `sgd` empty.
  public internal(set) var firstMoment: [Float]
  /// The second moment `v` of the kinds of Adam; else empty.
  public internal(set) var secondMoment: [Float]

  /// An optimiser of so many parameters that has not made a step yet.
  public init(_ rule: Rule, parameterCount: Int) {
    self.rule = rule
    let zeros = [Float](repeating: 0, count: parameterCount)
    (firstMoment, secondMoment) =
      switch rule {
      case .sgd: ([], [])
      case .momentum, .nesterov: (zeros, [])
      case .adam, .adamW: (zeros, zeros)
      case .adaptive(let rule):
        (zeros, Array(repeating: Float(rule.firstSquare), count: parameterCount))
      case .hypergradient(let rule): (zeros + rule.encoded(rule.rate), rule.hasMoments ? zeros : [])
      }
  }

  /// An optimiser that has made steps already.
  ///
  /// - Precondition: the moments have as many numbers as those of an optimiser of this rule.
  public init(_ rule: Rule, steps: Int, firstMoment: [Float], secondMoment: [Float]) {
    self.init(rule, parameterCount: max(firstMoment.count - Self.extraCount(rule), 0))
    precondition(
      self.firstMoment.count == firstMoment.count && self.secondMoment.count == secondMoment.count,
      "moments of \(firstMoment.count) and \(secondMoment.count) numbers do not fit \(rule)")
    self.steps = steps
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
  }

  /// How many numbers of ``firstMoment`` do not belong to a parameter.
  private static func extraCount(_ rule: Rule) -> Int {
    if case .hypergradient = rule { 2 } else { 0 }
  }

  /// The size of the next step, but for what a rule makes of the gradient.
  public var rate: Double {
    switch rule {
    case .sgd(let rate), .momentum(let rate, _), .nesterov(let rate, _), .adam(let rate, _, _, _),
      .adamW(let rate, _, _, _, _):
      rate
    case .adaptive(let rule): rule.rate
    case .hypergradient: learntRate
    }
  }

  /// Makes one step; allocates nothing.
  ///
  /// - Precondition: there are as many numbers in `gradient` as in `parameters`, and as many as the
  ///   optimiser was made for.
  public mutating func step(_ parameters: inout [Float], along gradient: [Float]) {
    precondition(
      parameters.count == gradient.count
        && (firstMoment.isEmpty || firstMoment.count == gradient.count + Self.extraCount(rule)),
      "a gradient of \(gradient.count) numbers does not fit \(parameters.count) parameters")
    steps += 1
    switch rule {
    case .sgd(let rate): Self.descend(&parameters, along: gradient, rate: Float(rate))
    case .momentum(let rate, let factor):
      decay(factor, adding: gradient)
      Self.descend(&parameters, along: firstMoment, rate: Float(rate))
    case .nesterov(let rate, let factor):
      decay(factor, adding: gradient)
      Self.descend(&parameters, along: gradient, rate: Float(rate))
      Self.descend(&parameters, along: firstMoment, rate: Float(rate * factor))
    case .adam(let rate, let beta1, let beta2, let epsilon):
      adam(&parameters, along: gradient, rate, beta1, beta2, epsilon)
    case .adamW(let rate, let decay, let beta1, let beta2, let epsilon):
      let kept = Float(1 - rate * decay)
      for index in parameters.indices { parameters[index] *= kept }
      adam(&parameters, along: gradient, rate, beta1, beta2, epsilon)
    case .adaptive(let rule): step(&parameters, along: gradient, by: rule)
    case .hypergradient(let rule): step(&parameters, along: gradient, by: rule)
    }
  }
}

// MARK: Rules

extension Optimiser {
  static func descend(_ parameters: inout [Float], along direction: [Float], rate: Float) {
    for index in parameters.indices { parameters[index] -= rate * direction[index] }
  }

  private mutating func decay(_ factor: Double, adding gradient: [Float]) {
    let factor = Float(factor)
    for index in gradient.indices {
      firstMoment[index] = factor * firstMoment[index] + gradient[index]
    }
  }
}
