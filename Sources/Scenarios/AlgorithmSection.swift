extension ScenarioReader {
  /// Reads `algorithm`.
  func algorithm(_ section: Section) -> AlgorithmPlan {
    defer { section.close() }
    let name: AlgorithmPlan.Name = section.take("name", as: .algorithm) ?? .maml
    let order = section.take("order", as: .choice, default: name.usualOrder)
    let inner = section.section("inner", required: true)
    defer { inner.close() }
    let plan = AlgorithmPlan(
      name: name, order: order,
      inner: InnerPlan(
        steps: inner.take("steps", as: .count(1...1000)) ?? 1,
        rate: inner.take("rate", as: .number(0...1000)) ?? 0),
      outer: outer(section.section("outer", required: true), for: name),
      local: local(section, for: name),
      weighting: section.take("weighting", as: .choice, default: .hospitals),
      settings: settings(section))
    for key in AlgorithmPlan.optionalKeys where !name.keys.contains(key) {
      section.refuse(
        key, because: "with name: \(name.rawValue)", accepted: AlgorithmPlan.owners(of: key))
    }
    return plan
  }

  private func local(_ section: Section, for name: AlgorithmPlan.Name) -> LocalPlan? {
    let local = section.section("local", required: name.isLocal)
    defer { local.close() }
    let plan = LocalPlan(
      steps: local.take("steps", as: .count(1...100_000)) ?? 1,
      batch: local.take("batch", as: .count(1...100_000)) ?? 1,
      rate: local.take("rate", as: .number(0...1000)) ?? 0)
    return name.isLocal ? plan : nil
  }

  private func settings(_ section: Section) -> MethodSettings {
    let usual = MethodSettings.usual
    return MethodSettings(
      proximal: section.take("proximal", as: .positive(upTo: 1_000_000), default: usual.proximal),
      conjugateGradients: section.take(
        "conjugate-gradients", as: .count(1...1000), default: usual.conjugateGradients),
      context: section.take("context", as: .count(1...1000), default: usual.context),
      hessian: section.take("hessian", as: .choice, default: usual.hessian),
      controls: section.take("controls", as: .choice, default: usual.controls),
      headSteps: section.take("head-steps", as: .count(0...100_000), default: usual.headSteps),
      multiStepRounds: section.take(
        "multi-step-rounds", as: .count(0...10_000_000), default: usual.multiStepRounds),
      firstOrderRounds: section.take(
        "first-order-rounds", as: .count(0...10_000_000), default: usual.firstOrderRounds),
      spread: section.take("spread", as: .positive(upTo: 1000), default: usual.spread),
      gradients: section.take("gradients", as: .positive(upTo: 1000), default: usual.gradients),
      innerOptimiser: section.take(
        "inner-optimizer", as: .choice, default: usual.innerOptimiser))
  }

  private func outer(_ section: Section, for name: AlgorithmPlan.Name) -> OuterPlan {
    defer { section.close() }
    let optimiser = section.take("optimizer", as: .choice, default: name.usualOptimiser)
    let usual = OuterPlan.usual(optimiser)
    for key in OuterPlan.optionalKeys where !optimiser.keys.contains(key) {
      section.refuse(
        key, because: "with optimizer: \(optimiser.rawValue)",
        accepted: "\(key) with \(OuterPlan.owners(of: key))")
    }
    return OuterPlan(
      optimiser: optimiser,
      rate: section.take("rate", as: .positive(upTo: 1000)) ?? 1,
      momentum: section.take("momentum", as: .factor(below: 1), default: usual.momentum),
      beta1: section.take("beta1", as: .factor(below: 1), default: usual.beta1),
      beta2: section.take("beta2", as: .factor(below: 1), default: usual.beta2),
      epsilon: section.take("epsilon", as: .number(1e-12...1), default: usual.epsilon),
      accumulator: section.take("accumulator", as: .number(0...1), default: usual.accumulator),
      biasCorrection: section.take(
        "bias-correction", as: .truth, default: usual.biasCorrection),
      hyperRate: section.take("hyper-rate", as: .number(0...1), default: usual.hyperRate))
  }
}

extension Kind where Value == AlgorithmPlan.Name {
  /// An algorithm; `auto`, which may stand in its place, has been taken out by then but in a method.
  static var algorithm: Self {
    let names = AlgorithmPlan.Name.allCases.map(\.rawValue)
    let accepted = (names + [Auto.word]).joined(separator: ", ")
    return Kind(accepted: accepted) { tree, path, findings in
      let text = tree.text ?? ""
      if let name = AlgorithmPlan.Name(rawValue: text) { return name }
      let isAuto = text == Auto.word
      findings.report(
        tree.found + (isAuto ? " in a method, which hospitals choose among others" : ""),
        accepted: isAuto ? names.joined(separator: ", ") : accepted,
        nearest: isAuto ? nil : Nearest.match(text, among: names + [Auto.word]), at: path,
        place: tree.place)
      return nil
    }
  }
}

// MARK: What holds unless the scenario says otherwise

extension AlgorithmPlan {
  /// The keys that only some algorithms have; `order` is not among them where it is `first`.
  static let optionalKeys = [
    "order", "local", "weighting", "proximal", "conjugate-gradients", "context", "hessian",
    "controls",
    "head-steps", "multi-step-rounds", "first-order-rounds", "spread", "gradients",
    "inner-optimizer",
  ]

  /// The algorithms that have a key.
  static func owners(of key: String) -> String {
    let names = Name.allCases.filter { $0.keys.contains(key) }.map(\.rawValue)
    return "\(key) with \(names.joined(separator: ", "))"
  }
}

extension AlgorithmPlan.Name {
  /// The derivatives that the algorithm takes unless the scenario says otherwise.
  var usualOrder: AlgorithmPlan.Order { hasOrder && self != .fomaml ? .second : .first }

  /// The optimiser unless the scenario says otherwise: the mean of local models is taken as it is.
  var usualOptimiser: OuterPlan.Optimiser { isLocal ? .sgd : .adam }
}

extension OuterPlan {
  /// What holds with an optimiser unless the scenario says otherwise.
  static func usual(_ optimiser: Optimiser) -> OuterPlan {
    OuterPlan(
      optimiser: optimiser, rate: 0.001, beta1: optimiser == .adagrad ? 0 : 0.9,
      biasCorrection: optimiser == .adam || optimiser == .hypergradientAdam)
  }

  /// The keys that only some optimisers have.
  static let optionalKeys = [
    "momentum", "beta1", "beta2", "epsilon", "accumulator", "bias-correction", "hyper-rate",
  ]

  /// The optimisers that have a key.
  static func owners(of key: String) -> String {
    Optimiser.allCases.filter { $0.keys.contains(key) }.map(\.rawValue).joined(separator: ", ")
  }
}

extension OuterPlan.Optimiser {
  /// The optional keys that have an effect with the optimiser.
  var keys: [String] {
    switch self {
    case .sgd: []
    case .momentum, .nesterov: ["momentum"]
    case .adam, .yogi: ["beta1", "beta2", "epsilon", "accumulator", "bias-correction"]
    case .adagrad: ["beta1", "epsilon", "accumulator"]
    case .hypergradient: ["hyper-rate"]
    case .hypergradientAdam: ["beta1", "beta2", "epsilon", "hyper-rate"]
    }
  }
}
