#if canImport(Glibc)
  import Glibc
#endif

extension Optimiser {
  /// The rules of adaptive federated optimisation: FedAdam, FedYogi and FedAdagrad.
  ///
  /// With `g` the mean of the way back, `m = beta1 m + (1 - beta1) g` from zero, `v` by the kind, and
  /// `x -= rate m / (sqrt(v) + tau)`. Implementations differ in where `v` starts, in `tau` and in whether moments are
  /// corrected for their start, and their figures with them, so all of it is said here.
  ///
  /// Reference: Reddi, Charles, Zaheer, Garrett, Rush, Konečný, Kumar and McMahan, "Adaptive federated
  /// optimization", ICLR 2021.
  public struct Adaptive: Codable, Equatable, Sendable {
    /// How the second moment follows the squared gradient.
    public enum Kind: String, Codable, CaseIterable, Sendable {
      /// `v = beta2 v + (1 - beta2) g^2`.
      case adam
      /// `v = v - (1 - beta2) g^2 sign(v - g^2)`, with `sign(0) = 0`.
      case yogi
      /// `v = v + g^2`.
      case adagrad
    }

    /// Where the second moment starts.
    public enum Start: Codable, Equatable, Sendable {
      /// At zero: FLamby, Flower, and the code of the paper's authors.
      case zero
      /// At `tau^2`, the least that the paper allows.
      case tauSquared
      /// At this number.
      case value(Double)
    }

    /// How the second moment follows the squared gradient.
    public var kind: Kind
    /// The size of a step.
    public var rate: Double
    /// How much of the first moment is kept; 0 is without momentum.
    public var beta1: Double
    /// How much of the second moment is kept; `adagrad` keeps all and does not look at it.
    public var beta2: Double
    /// What keeps the quotient finite; the paper advises 1e-3, FLamby takes 1e-8, Flower 1e-9.
    public var tau: Double
    /// Where the second moment starts.
    public var start: Start
    /// Whether moments are divided by `1 - beta^i`, as Flower does and neither the paper nor FLamby.
    ///
    /// The second moment is corrected where it decays and has started at zero.
    public var correctsBias: Bool

    /// A rule, by default with the constants and the start of the paper.
    public init(
      _ kind: Kind, rate: Double, beta1: Double = 0.9, beta2: Double = 0.99, tau: Double = 1e-3,
      start: Start = .tauSquared, correctsBias: Bool = false
    ) {
      self.kind = kind
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.tau = tau
      self.start = start
      self.correctsBias = correctsBias
    }

    /// A rule with the constants of FLamby: from zero, `beta2` 0.999, `tau` 1e-8, no correction.
    public static func flamby(_ kind: Kind, rate: Double) -> Adaptive {
      Adaptive(kind, rate: rate, beta2: 0.999, tau: 1e-8, start: .zero)
    }

    var firstSquare: Double {
      switch start {
      case .zero: 0
      case .tauSquared: tau * tau
      case .value(let value): value
      }
    }

    /// What the moments are divided by in step `steps`.
    fileprivate func corrections(after steps: Int) -> (first: Double, second: Double) {
      guard correctsBias else { return (1, 1) }
      let isSecond = kind != .adagrad && firstSquare == 0
      return (
        1 - pow(beta1, Double(steps)), isSecond ? 1 - pow(beta2, Double(steps)) : 1
      )
    }
  }

  mutating func step(
    _ parameters: inout [Float], along gradient: [Float], by rule: Adaptive
  ) {
    let (decay1, share1) = (Float(rule.beta1), Float(1 - rule.beta1))
    for index in gradient.indices {
      firstMoment[index] = decay1 * firstMoment[index] + share1 * gradient[index]
    }
    updateSquares(with: gradient, by: rule)
    let corrections = rule.corrections(after: steps)
    descendAlongMoments(
      &parameters, first: rule.rate / corrections.first, second: 1 / corrections.second,
      epsilon: rule.tau)
  }

  private mutating func updateSquares(with gradient: [Float], by rule: Adaptive) {
    let (decay, share) = (Float(rule.beta2), Float(1 - rule.beta2))
    for index in gradient.indices {
      let (v, square) = (secondMoment[index], gradient[index] * gradient[index])
      secondMoment[index] =
        switch rule.kind {
        case .adam: decay * v + share * square
        case .yogi: v == square ? v : v > square ? v - share * square : v + share * square
        case .adagrad: v + square
        }
    }
  }
}
