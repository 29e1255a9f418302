/// The outer loop: the optimiser that the coordinator applies to the mean meta-gradient.
public struct OuterPlan: Codable, Equatable, Sendable {
  /// The optimisers that exist.
  public enum Optimiser: String, Codable, CaseIterable, Sendable {
    /// The gradient times the rate.
    case sgd
    /// A running sum of gradients that fades by a factor.
    case momentum
    /// The same, looking one step ahead; Nesterov 1983.
    case nesterov
    /// Moments of first and second order; Kingma and Ba 2015, and FedAdam of Reddi et al. 2021.
    case adam
    /// The same with a second moment that grows and shrinks by signs; FedYogi of Reddi et al. 2021.
    case yogi
    /// The same with a second moment that only grows; FedAdagrad of Reddi et al. 2021.
    case adagrad
    /// `sgd` with a rate that descends too: hypergradient descent of the outer rate; Baydin et al. 2018.
    case hypergradient
    /// `adam` with a rate that descends too; Baydin et al. 2018.
    case hypergradientAdam = "hypergradient-adam"
  }

  /// Which optimiser.
  public var optimiser: Optimiser
  /// The size of its steps; with hypergradients, of the first.
  public var rate: Double
  /// The factor of `momentum` and `nesterov`; 0.9 unless said otherwise.
  public var momentum: Double
  /// The decay of the first moment; 0.9 unless said otherwise, and 0 for `adagrad`.
  public var beta1: Double
  /// The decay of the second moment; 0.999 unless said otherwise.
  public var beta2: Double
  /// What is added to the root of the second moment; 1e-8 unless said otherwise.
  public var epsilon: Double
  /// What every entry of the second moment starts from; 0 unless said otherwise.
  public var accumulator: Double
  /// Whether moments are divided by what they lack because they started from zero; of `adam` unless
  /// said otherwise.
  public var biasCorrection: Bool
  /// By how much a hypergradient moves the rate; 1e-6 unless said otherwise.
  public var hyperRate: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    optimiser: Optimiser, rate: Double, momentum: Double = 0.9, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-8, accumulator: Double = 0,
    biasCorrection: Bool = true, hyperRate: Double = 1e-6
  ) {
    self.optimiser = optimiser
    self.rate = rate
    self.momentum = momentum
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.accumulator = accumulator
    self.biasCorrection = biasCorrection
    self.hyperRate = hyperRate
  }
}
