#if canImport(Glibc)
  import Glibc
#endif

extension Optimiser {
  /// Hypergradient descent: the OUTER rate descends too.
  ///
  /// With `x_i = x_{i-1} - rate_i u_i`, the derivative of the loss at `x_{i-1}` by the rate of the step before is
  /// `-g_i · u_{i-1}`, so the rate moves by `step g_i · u_{i-1}` before each step but the first. Nothing keeps it from
  /// becoming negative but a small `step`. This is not the learnt INNER rate, which hospitals adapt
  /// with.
  ///
  /// Reference: Baydin, Cornish, Martinez Rubio, Schmidt and Wood, "Online learning rate adaptation with
  /// hypergradient descent", ICLR 2018.
  public struct Hypergradient: Codable, Equatable, Sendable {
    /// What the rate is the rate of.
    public enum Base: Codable, Equatable, Sendable {
      /// Gradient descent: `u = g`. SGD-HD.
      case sgd
      /// Adam: `u = (m / (1 - beta1^i)) / (sqrt(v / (1 - beta2^i)) + epsilon)`. Adam-HD.
      case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
    }

    /// What the rate is the rate of.
    public var base: Base
    /// The rate of the first step.
    public var rate: Double
    /// The size of the steps of the rate: in the paper 1e-6 for gradient descent, 1e-8 for Adam.
    public var step: Double
    /// Whether the rate is multiplied by `1 + step cos(g_i, u_{i-1})` instead, whatever the lengths.
    public var isMultiplicative: Bool

    /// A rule whose rate starts at `rate` and takes steps of size `step`.
    public init(_ base: Base, rate: Double, step: Double, isMultiplicative: Bool = false) {
      self.base = base
      self.rate = rate
      self.step = step
      self.isMultiplicative = isMultiplicative
    }

    var hasMoments: Bool { base != .sgd }

    /// The rate as two numbers whose sum it is: its steps are too small for one.
    func encoded(_ rate: Double) -> [Float] {
      [Float(rate), Float(rate - Double(Float(rate)))]
    }
  }

  var learntRate: Double { firstMoment.suffix(2).reduce(0) { $0 + Double($1) } }

  mutating func step(
    _ parameters: inout [Float], along gradient: [Float], by rule: Hypergradient
  ) {
    let count = gradient.count
    let rate = nextRate(along: gradient, by: rule)
    let halves = (Float(rate), Float(rate - Double(Float(rate))))
    (firstMoment[count], firstMoment[count + 1]) = halves
    switch rule.base {
    case .sgd:
      Self.descend(&parameters, along: gradient, rate: Float(rate))
      for index in gradient.indices { firstMoment[index] = gradient[index] }
    case .adam(let beta1, let beta2, let epsilon):
      adam(&parameters, along: gradient, rate, beta1, beta2, epsilon)
    }
  }

  /// The rate after its own step; the first step of the parameters has none before it.
  private func nextRate(along gradient: [Float], by rule: Hypergradient) -> Double {
    guard steps > 1 else { return learntRate }
    let (first, second, epsilon) = lastCorrections(rule)
    var (product, length, lastLength) = (0.0, 0.0, 0.0)
    for index in gradient.indices {
      let g = Double(gradient[index])
      let last = Double(firstMoment[index]) / first
      let spread =
        rule.hasMoments ? (Double(secondMoment[index]) / second).squareRoot() + epsilon : 1
      product += g * last / spread
      length += g * g
      lastLength += (last / spread) * (last / spread)
    }
    guard rule.isMultiplicative else { return learntRate + rule.step * product }
    let lengths = (length * lastLength).squareRoot()
    return lengths > 0 ? learntRate * (1 + rule.step * product / lengths) : learntRate
  }

  /// What the moments were divided by in the step before this.
  private func lastCorrections(
    _ rule: Hypergradient
  ) -> (first: Double, second: Double, epsilon: Double) {
    guard case .adam(let beta1, let beta2, let epsilon) = rule.base else { return (1, 1, 0) }
    let last = Double(steps - 1)
    return (1 - pow(beta1, last), 1 - pow(beta2, last), epsilon)
  }
}
