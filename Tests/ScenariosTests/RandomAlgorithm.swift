import Scenarios

/// Draws plans of every algorithm and optimiser that the reader accepts.
struct RandomAlgorithm {
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  /// A plan of one of the algorithms that are suitable.
  mutating func plan(where isSuitable: (AlgorithmPlan.Name) -> Bool) -> AlgorithmPlan {
    let name = pick(AlgorithmPlan.Name.allCases.filter(isSuitable))
    let isFirst = !name.hasOrder || name == .fomaml
    var plan = AlgorithmPlan(
      name: name, order: isFirst ? .first : pick([.first, .second]),
      inner: InnerPlan(steps: whole(1...1000), rate: pick([0, fraction(), 1])), outer: outer())
    if name.isLocal {
      plan.local = LocalPlan(
        steps: whole(1...100), batch: whole(1...50),
        rate: name == .scaffold ? fraction() : pick([0, fraction()]))
      if name != .scaffold { plan.weighting = pick(AlgorithmPlan.Weighting.allCases) }
    }
    vary(&plan.settings, of: name)
    return plan
  }

  private mutating func vary(_ settings: inout MethodSettings, of name: AlgorithmPlan.Name) {
    switch name {
    case .imaml: (settings.proximal, settings.conjugateGradients) = (fraction(), whole(1...20))
    case .cavia: settings.context = whole(1...9)
    case .mamlPlusPlus:
      (settings.multiStepRounds, settings.firstOrderRounds) = (whole(0...99), whole(0...99))
    case .aruba: (settings.spread, settings.gradients) = (fraction(), fraction())
    case .fedprox, .pfedme, .ditto: settings.proximal = pick([1, 1000, fraction()])
    case .perFedAvg: settings.hessian = pick(MethodSettings.Hessian.allCases)
    case .scaffold: settings.controls = pick(MethodSettings.Controls.allCases)
    case .fedrep: settings.headSteps = whole(0...30)
    case .reptile:
      settings.innerOptimiser = pick(MethodSettings.InnerOptimiser.allCases)
    case .maml, .fomaml, .metaSGD, .anil, .learnedInnerRate, .prototypes, .fedavg: break
    }
  }

  private mutating func outer() -> OuterPlan {
    var plan = OuterPlan(optimiser: pick(OuterPlan.Optimiser.allCases), rate: fraction())
    plan.biasCorrection = plan.optimiser == .adam || plan.optimiser == .hypergradientAdam
    switch plan.optimiser {
    case .sgd: break
    case .momentum, .nesterov: plan.momentum = pick([0, fraction()])
    case .adam, .yogi:
      (plan.beta1, plan.beta2, plan.epsilon) = (fraction(), fraction(), fraction())
      (plan.accumulator, plan.biasCorrection) = (pick([0, fraction()]), pick([true, false]))
    case .adagrad:
      (plan.beta1, plan.epsilon, plan.accumulator) = (
        pick([0, fraction()]), fraction(), fraction()
      )
    case .hypergradient: plan.hyperRate = pick([0, 1e-6, fraction()])
    case .hypergradientAdam:
      (plan.beta1, plan.beta2, plan.epsilon) = (fraction(), fraction(), fraction())
      plan.hyperRate = fraction()
    }
    return plan
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private mutating func whole(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  /// A number between 0 and 1 that is neither.
  private mutating func fraction() -> Double { Double(whole(1...999_999)) / 1_000_000 }
}

extension AlgorithmPlan {
  /// The same, with hospitals that count the same.
  var unweighted: AlgorithmPlan {
    var plan = self
    plan.weighting = .hospitals
    return plan
  }
}

extension CohortSourcePlan {
  /// Whether tasks are of patients rather than of points.
  var hasPatients: Bool {
    if case .sinusoid = self { false } else { true }
  }
}

extension AlgorithmPlan.Name {
  /// Whether the algorithm predicts outcomes of this kind with this loss.
  func suits(_ kind: TaskPlan.Kind, _ model: ModelPlan) -> Bool {
    if self == .fedrep && model.layers.isEmpty { return false }
    guard self == .prototypes else { return true }
    guard case .dense = model.layers.last else { return false }
    return kind == .classification && model.loss != .meanSquaredError
  }

  /// Whether the algorithm learns in rounds of this kind.
  func suits(_ federation: FederationPlan, hasRegions: Bool) -> Bool {
    if isLocal && federation.episodesPerRound > 1 { return false }
    return !remembers || !(federation.isBuffered || federation.late == .use || hasRegions)
  }
}
