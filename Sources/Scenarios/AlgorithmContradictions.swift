extension Contradictions {
  /// Reports settings of learning that are right each and wrong together.
  func algorithm() {
    guard findings.isSound("algorithm.name") else { return }
    order()
    prototypes()
    localTraining()
    weighting()
    memory()
    parts()
  }

  private var plan: AlgorithmPlan { scenario.algorithm }

  private func order() {
    guard findings.isSound("algorithm.order"), plan.name == .fomaml, plan.order == .second else {
      return
    }
    findings.report(
      "order second with fomaml, which is first-order",
      accepted: "order: first, or name: maml with order: second", at: "algorithm.order")
  }

  /// Prototypes are means of classes, and a class is as far away as its mean.
  private func prototypes() {
    guard plan.name == .prototypes, findings.isSound("task.kind", "model.loss") else { return }
    if scenario.task.kind == .regression {
      findings.report(
        "prototypical-networks for regression, which has no classes",
        accepted: "an algorithm that predicts numbers, such as maml", at: "algorithm.name")
    } else if scenario.model.loss == .meanSquaredError {
      findings.report(
        "prototypical-networks with mean-squared-error",
        accepted:
          "softmax-cross-entropy or binary-cross-entropy, over the distances to the prototypes",
        at: "model.loss")
    } else if findings.isSound("model.layers") {
      embedding()
    }
  }

  private func embedding() {
    if case .dense = scenario.model.layers.last { return }
    let model =
      scenario.model.layers.isEmpty
      ? "without layers that could embed" : "whose last layer is not dense"
    findings.report(
      "prototypical-networks with a model \(model)",
      accepted: "one hidden layer or more, of which the last is dense and embeds",
      at: "model.layers")
  }

  private func localTraining() {
    let episodes = scenario.federation.episodesPerRound
    guard plan.name.isLocal, episodes > 1, findings.isSound("federation.episodes-per-round") else {
      return
    }
    findings.report(
      "\(episodes) episodes with \(plan.name.rawValue), which trains on mini-batches and draws none",
      accepted: "1, or leave the key out; algorithm.local.steps says how long a hospital trains",
      at: "federation.episodes-per-round")
  }

  /// Reports what leaves an algorithm nothing to share, or nothing to go by.
  private func parts() {
    if plan.name == .fedrep, scenario.model.layers.isEmpty, findings.isSound("model.layers") {
      findings.report(
        "fedrep with a model of one layer, which is all head and has no body to share",
        accepted: "one hidden layer or more", at: "model.layers")
    }
    guard plan.name == .scaffold, plan.local?.rate == 0, findings.isSound("algorithm.local")
    else { return }
    findings.report(
      "a rate of 0 with scaffold, whose control variates come from steps that move",
      accepted: "a number above 0", at: "algorithm.local.rate")
  }

  private func weighting() {
    guard plan.weighting == .patients, case .sinusoid = scenario.cohorts.source,
      findings.isSound("algorithm.weighting")
    else { return }
    findings.report(
      "patients where hospitals have sine waves and no patients", accepted: "hospitals",
      at: "algorithm.weighting")
  }

  /// What a hospital remembers goes on from the last of its answers that was counted, and the
  /// coordinator says to each which one that was: so no answer may be counted later, or by a region.
  private func memory() {
    guard plan.name.remembers,
      findings.isSound("federation.policy", "federation.late", "regions")
    else { return }
    let reasons: [String] = [
      scenario.federation.isBuffered ? "policy: buffered" : nil,
      scenario.federation.late == .use ? "late: use" : nil,
      scenario.regions.isEmpty ? nil : "regions",
    ].compactMap { $0 }
    guard !reasons.isEmpty else { return }
    findings.report(
      "\(plan.name.rawValue) with \(reasons.joined(separator: ", ")): its hospitals go on from their"
        + " last answer that was counted",
      accepted: "rounds whose answers are counted at once, without regions", at: "algorithm.name")
  }
}
