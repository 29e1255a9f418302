import MetaLearning
import Models
import Scenarios

/// An algorithm at a hospital: what it makes of a round, and how it adapts to new patients.
struct Method {
  let learner: Learner
  let adapter: any Adapter
}

/// What an algorithm makes of a hospital's patients in a round.
enum Learner {
  /// The meta-gradient of each episode, added up.
  case episodes(any MetaAlgorithm)
  /// Where training on mini-batches leads.
  case local(any LocalAlgorithm)
}

extension AlgorithmPlan {
  /// The algorithm, ready to learn the parameters of `network`.
  func method(for network: Network) -> Method {
    Method(learner: learner(for: network), adapter: adapter(for: network))
  }

  private var loop: InnerLoop { InnerLoop(inner) }
  private var training: InnerLoop { InnerLoop(local) }
  private var derivatives: MetaLearning.Order { MetaLearning.Order(order) }
  private var pull: Float { Float(settings.proximal) }

  /// Every algorithm is named here once; `second` is exact or it is nothing.
  private func learner(for network: Network) -> Learner {
    switch name {
    case .maml: .episodes(MAML(network: network, inner: loop, order: derivatives))
    case .fomaml: .episodes(MAML(network: network, inner: loop, order: .first))
    case .reptile: .episodes(Reptile(network: network, inner: loop, adam: innerAdam))
    case .metaSGD: .episodes(MetaSGD(network: network, inner: loop, order: derivatives))
    case .anil: .episodes(ANIL(network: network, inner: loop, order: derivatives))
    case .mamlPlusPlus:
      .episodes(MAMLPlusPlus(network: network, inner: loop, schedule: schedule))
    case .learnedInnerRate:
      .episodes(LearnedInnerRate(network: network, inner: loop, order: derivatives))
    case .imaml:
      .episodes(
        ImplicitMAML(
          network: network, inner: loop, lambda: pull, iterations: settings.conjugateGradients))
    case .cavia:
      .episodes(CAVIA(network: layout(for: network).network, inner: loop, order: derivatives))
    case .prototypes:
      .episodes(PrototypicalNetwork(network: network.embedding, classes: network.classes))
    case .aruba: .episodes(ARUBA(network: network, steps: inner.steps, sums: sums))
    case .fedavg: .local(FedAvg(network: network, local: training))
    case .fedprox: .local(FedProx(network: network, local: training, mu: pull))
    case .scaffold: .local(SCAFFOLD(network: network, local: training, option: option))
    case .perFedAvg:
      .local(PerFedAvg(network: network, local: training, rate: loop.rate, curvature: curvature))
    case .pfedme:
      .local(PFedMe(network: network, local: training, inner: loop, lambda: pull))
    case .ditto:
      .local(Ditto(network: network, local: training, personal: training, lambda: pull))
    case .fedrep:
      .local(FedRep(network: network, headSteps: headTraining, bodySteps: training))
    }
  }

  private var innerAdam: InnerAdam? {
    settings.innerOptimiser == .adam ? InnerAdam() : nil
  }

  private var option: SCAFFOLD.Option { settings.controls == .gradient ? .gradient : .path }

  private var headTraining: InnerLoop {
    InnerLoop(steps: settings.headSteps, rate: training.rate)
  }

  private func adapter(for network: Network) -> any Adapter {
    switch name {
    case .metaSGD: RateAdapter(network: network, rates: .perParameter)
    case .anil, .fedrep:
      RateAdapter(network: network, rates: .head(of: network, rate: loop.rate))
    case .mamlPlusPlus: RateAdapter(network: network, rates: .perTensor(steps: inner.steps))
    case .learnedInnerRate: RateAdapter(network: network, rates: .single)
    case .imaml, .pfedme, .ditto:
      ProximalAdapter(network: network, rate: loop.rate, lambda: pull)
    case .cavia: ContextAdapter(network: layout(for: network).network, rate: loop.rate)
    case .prototypes: PrototypeAdapter(network: network.embedding, classes: network.classes)
    case .aruba: ARUBAAdapter(network: network)
    case .reptile where settings.innerOptimiser == .adam:
      AdamAdapter(network: network, rate: loop.rate)
    case .maml, .fomaml, .reptile, .fedavg, .fedprox, .scaffold, .perFedAvg:
      GradientAdapter(network: network, rate: loop.rate)
    }
  }

  private var schedule: MAMLPlusPlus.Schedule {
    .init(
      multiStepRounds: settings.multiStepRounds, firstOrderRounds: settings.firstOrderRounds)
  }

  private var curvature: PerFedAvg.Curvature {
    switch settings.hessian {
    case .exact: .exact
    // As published; not scaled by the length of the direction.
    case .difference: .difference(width: 1e-3, isScaled: false)
    case .none: .none
    }
  }

  private var sums: ARUBA.Sums { ARUBA.Sums(epsilon: settings.spread, zeta: settings.gradients) }
}

extension AlgorithmPlan {
  /// The model that a hospital keeps for itself, out of what it remembers.
  ///
  /// - Returns: Parameters of `network`; `nil` where it remembers nothing yet, or nothing that makes a
  ///   model.
  func personalModel(
    from memory: [Float], and parameters: [Float], of network: Network
  ) -> [Float]? {
    guard name.keepsModel, !memory.isEmpty else { return nil }
    return name == .fedrep ? parameters[..<network.head.lowerBound] + memory : memory
  }
}

// MARK: The coordinator's part

extension AlgorithmPlan {
  /// The meta-parameters before learning, out of those of the network.
  func initialParameters(from theta: [Float], for network: Network) -> [Float] {
    switch name {
    case .metaSGD, .learnedInnerRate, .mamlPlusPlus:
      theta
        + Array(
          repeating: loop.rate, count: layout(for: network).parameters - network.parameterCount)
    case .scaffold: theta + Array(repeating: 0, count: theta.count)
    case .aruba:
      ARUBA(network: network, steps: inner.steps, sums: sums).initialParameters(from: theta)
    case .cavia: theta.dropLast(settings.context)
    case .maml, .fomaml, .reptile, .anil, .imaml, .prototypes, .fedavg, .fedprox,
      .perFedAvg,
      .pfedme, .ditto, .fedrep:
      theta
    }
  }

  /// How the coordinator moves so many meta-parameters, before the first round.
  func update(of layout: MethodLayout, hospitals: Int) -> MetaUpdate {
    let rule: MetaUpdate.Rule =
      switch name {
      case .scaffold: .scaffold(hospitals: hospitals)
      case .aruba: .aruba(sums)
      case .fedrep: .body(layout.contribution)
      default: .gradient
      }
    let moved = MetaUpdate.movedCount(of: layout.parameters, rule: rule)
    return MetaUpdate(Optimiser(Optimiser.Rule(outer), parameterCount: moved), rule: rule)
  }
}

extension Experiment {
  /// How the coordinator moves the meta-parameters, before the first round.
  func freshUpdate() -> MetaUpdate {
    scenario.algorithm.update(of: layout, hospitals: training.count)
  }
}

extension InnerLoop {
  /// Local training; none takes no step.
  fileprivate init(_ plan: LocalPlan?) {
    self.init(steps: plan?.steps ?? 0, rate: Float(plan?.rate ?? 0))
  }
}

extension Optimiser.Rule {
  init(_ plan: OuterPlan) {
    switch plan.optimiser {
    case .sgd: self = .sgd(rate: plan.rate)
    case .momentum: self = .momentum(rate: plan.rate, factor: plan.momentum)
    case .nesterov: self = .nesterov(rate: plan.rate, factor: plan.momentum)
    case .adam where plan.biasCorrection && plan.accumulator == 0:
      self = .adam(
        rate: plan.rate, beta1: plan.beta1, beta2: plan.beta2, epsilon: plan.epsilon)
    case .adam: self = .adaptive(.init(.adam, plan))
    case .yogi: self = .adaptive(.init(.yogi, plan))
    case .adagrad: self = .adaptive(.init(.adagrad, plan))
    case .hypergradient:
      self = .hypergradient(.init(.sgd, rate: plan.rate, step: plan.hyperRate))
    case .hypergradientAdam:
      let base = Optimiser.Hypergradient.Base.adam(
        beta1: plan.beta1, beta2: plan.beta2, epsilon: plan.epsilon)
      self = .hypergradient(.init(base, rate: plan.rate, step: plan.hyperRate))
    }
  }
}

extension Optimiser.Adaptive {
  fileprivate init(_ kind: Kind, _ plan: OuterPlan) {
    self.init(
      kind, rate: plan.rate, beta1: plan.beta1, beta2: plan.beta2, tau: plan.epsilon,
      start: plan.accumulator == 0 ? .zero : .value(plan.accumulator),
      correctsBias: plan.biasCorrection)
  }
}
