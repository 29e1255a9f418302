/// How learning to learn is done.
public struct AlgorithmPlan: Codable, Equatable, Sendable {
  /// The algorithms that exist, by the names that scenarios use.
  public enum Name: String, Codable, CaseIterable, Sendable {
    /// Model-agnostic meta-learning through all inner steps; Finn 2017. With a hospital's own patients
    /// for tasks it is FedMeta; Chen 2018.
    case maml
    /// Its first-order relative, also to be had as `maml` with `order: first`.
    case fomaml
    /// Towards where adaptation leads; Nichol 2018.
    case reptile
    /// MAML with a learned rate for every parameter; Li 2017.
    case metaSGD = "meta-sgd"
    /// MAML whose inner loop moves the last layer only; Raghu 2020.
    case anil
    /// MAML with a learned rate for every tensor and step, and losses after several steps; Antoniou 2019.
    case mamlPlusPlus = "maml++"
    /// MAML with one learned inner rate: meta-gradient descent of the inner rate.
    case learnedInnerRate = "learned-inner-rate"
    /// The implicit gradient of proximal adaptation; Rajeswaran 2019.
    case imaml
    /// Adaptation of a few context numbers beside the inputs; Zintgraf 2019.
    case cavia
    /// Distances to the mean embedding of each class; Snell 2017.
    case prototypes = "prototypical-networks"
    /// Reptile with a rate for every parameter out of earlier tasks; Khodak 2019.
    case aruba
    /// The mean of locally trained models; McMahan 2017.
    case fedavg
    /// The same, with a pull towards the model that was received; Li 2020.
    case fedprox
    /// The same, with drift corrected by control variates; Karimireddy 2020.
    case scaffold
    /// Local steps of MAML, and the mean of where they lead; Fallah 2020.
    case perFedAvg = "per-fedavg"
    /// Personal models around a common one, by Moreau envelopes; Dinh 2020.
    case pfedme
    /// FedAvg, and a personal model beside it at every hospital; Li 2021.
    case ditto
    /// A common body, and a head of its own at every hospital; Collins 2021.
    case fedrep
  }

  /// Which derivatives the meta-gradient takes.
  public enum Order: String, Codable, CaseIterable, Sendable {
    /// Those of the adapted parameters only: the inner loop counts as a constant shift.
    case first
    /// The exact ones, through every inner step.
    case second
  }

  /// What each hospital counts for in the mean.
  public enum Weighting: String, Codable, CaseIterable, Sendable {
    /// The same.
    case hospitals
    /// In proportion to its patients.
    case patients
  }

  /// Which algorithm; `fomaml` implies order `first`.
  public var name: Name
  /// Which derivatives the meta-gradient takes; never weakened in secret.
  public var order: Order
  /// The inner loop: adaptation.
  public var inner: InnerPlan
  /// The outer loop: the meta-update.
  public var outer: OuterPlan
  /// How a hospital trains by itself between two rounds; of the algorithms that do.
  public var local: LocalPlan?
  /// What each hospital counts for in the mean.
  public var weighting: Weighting
  /// What only some algorithms have.
  public var settings: MethodSettings

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    name: Name, order: Order, inner: InnerPlan, outer: OuterPlan, local: LocalPlan? = nil,
    weighting: Weighting = .hospitals, settings: MethodSettings = .usual
  ) {
    self.name = name
    self.order = order
    self.inner = inner
    self.outer = outer
    self.local = local
    self.weighting = weighting
    self.settings = settings
  }
}

/// The inner loop: so many gradient steps at one rate.
public struct InnerPlan: Codable, Equatable, Sendable {
  /// Gradient steps on the support set.
  public var steps: Int
  /// The size of each.
  public var rate: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(steps: Int, rate: Double) {
    self.steps = steps
    self.rate = rate
  }
}

/// The training of a hospital by itself: so many steps on mini-batches of its patients.
public struct LocalPlan: Codable, Equatable, Sendable {
  /// Steps between two rounds.
  public var steps: Int
  /// Patients in a mini-batch.
  public var batch: Int
  /// The size of each step.
  public var rate: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(steps: Int, batch: Int, rate: Double) {
    self.steps = steps
    self.batch = batch
    self.rate = rate
  }
}

/// Settings that only some algorithms have; the others leave them as they usually are.
public struct MethodSettings: Codable, Equatable, Sendable {
  /// How Per-FedAvg gets the product of the Hessian and a vector.
  public enum Hessian: String, Codable, CaseIterable, Sendable {
    /// Exactly.
    case exact
    /// As published: by a difference of two gradients.
    case difference
    /// Not at all: the first-order variant.
    case none
  }

  /// How SCAFFOLD renews a hospital's control variate.
  public enum Controls: String, Codable, CaseIterable, Sendable {
    /// Option II of the paper: out of where the local steps have led.
    case steps
    /// Option I: the gradient where they set out.
    case gradient
  }

  /// How a hospital makes an inner step of a gradient.
  public enum InnerOptimiser: String, Codable, CaseIterable, Sendable {
    /// The gradient times the rate.
    case sgd
    /// Adam without a first moment, begun anew in every task.
    case adam
  }

  /// The strength of the pull towards what was received; of `imaml`, `fedprox`, `pfedme`, `ditto`.
  public var proximal: Double
  /// Iterations of the solver of `imaml`, at most.
  public var conjugateGradients: Int
  /// Context numbers of `cavia`.
  public var context: Int
  /// How `per-fedavg` gets the product of the Hessian and a vector.
  public var hessian: Hessian
  /// How `scaffold` renews its control variates.
  public var controls: Controls
  /// Steps on the head before those on the body; of `fedrep`.
  public var headSteps: Int
  /// Rounds over which `maml++` goes over to the loss after the last step alone.
  public var multiStepRounds: Int
  /// Rounds that `maml++` begins with in first order.
  public var firstOrderRounds: Int
  /// What stands for the spread of tasks before any was seen; of `aruba`.
  public var spread: Double
  /// What stands for the gradients of tasks before any was seen; of `aruba`.
  public var gradients: Double
  /// How inner steps are made; of `reptile`.
  public var innerOptimiser: InnerOptimiser

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    proximal: Double, conjugateGradients: Int, context: Int, hessian: Hessian, controls: Controls,
    headSteps: Int, multiStepRounds: Int, firstOrderRounds: Int, spread: Double, gradients: Double,
    innerOptimiser: InnerOptimiser = .sgd
  ) {
    self.proximal = proximal
    self.conjugateGradients = conjugateGradients
    self.context = context
    self.hessian = hessian
    self.controls = controls
    self.headSteps = headSteps
    self.multiStepRounds = multiStepRounds
    self.firstOrderRounds = firstOrderRounds
    self.spread = spread
    self.gradients = gradients
    self.innerOptimiser = innerOptimiser
  }

  /// What holds unless a scenario says otherwise.
  public static let usual = MethodSettings(
    proximal: 1, conjugateGradients: 5, context: 5, hessian: .exact, controls: .steps,
    headSteps: 10,
    multiStepRounds: 0, firstOrderRounds: 0, spread: 1, gradients: 1)
}

extension AlgorithmPlan.Name {
  /// Whether hospitals train by themselves on mini-batches, rather than episode by episode.
  public var isLocal: Bool {
    switch self {
    case .fedavg, .fedprox, .scaffold, .perFedAvg, .pfedme, .ditto, .fedrep: true
    case .maml, .fomaml, .reptile, .metaSGD, .anil, .mamlPlusPlus, .learnedInnerRate, .imaml,
      .cavia,
      .prototypes, .aruba:
      false
    }
  }

  /// How many vectors as long as the network's parameters travel at most.
  var vectors: Int {
    switch self {
    case .aruba: 3
    case .metaSGD, .scaffold: 2
    default: 1
    }
  }

  /// Whether a hospital keeps something from one round for the next.
  public var remembers: Bool {
    switch self {
    case .scaffold, .pfedme, .ditto, .fedrep: true
    default: false
    }
  }

  /// Whether what a hospital keeps makes a model of its own, to predict with.
  public var keepsModel: Bool {
    switch self {
    case .pfedme, .ditto, .fedrep: true
    default: false
    }
  }

  /// Whether meta-gradients are solved for, and leave residuals to report.
  public var leavesResiduals: Bool { self == .imaml }

  /// Whether there is a choice of derivatives.
  public var hasOrder: Bool {
    switch self {
    case .maml, .fomaml, .metaSGD, .anil, .learnedInnerRate, .cavia: true
    default: false
    }
  }

  /// The optional keys that have an effect with the algorithm.
  var keys: [String] {
    let own: [String] =
      switch self {
      case .imaml: ["proximal", "conjugate-gradients"]
      case .cavia: ["context"]
      case .mamlPlusPlus: ["multi-step-rounds", "first-order-rounds"]
      case .aruba: ["spread", "gradients"]
      case .reptile: ["inner-optimizer"]
      case .fedprox, .pfedme, .ditto: ["proximal"]
      case .perFedAvg: ["hessian"]
      case .scaffold: ["controls"]
      case .fedrep: ["head-steps"]
      default: []
      }
    let weighting = isLocal && self != .scaffold ? ["weighting"] : []
    return (hasOrder ? ["order"] : []) + (isLocal ? ["local"] : []) + weighting + own
  }
}
