// How learning is written down: the settings that have an effect, in the order of their keys.

extension AlgorithmPlan {
  var document: ScenarioDocument {
    let values: [String: ScenarioDocument] = [
      "order": .text(order.rawValue), "weighting": .text(weighting.rawValue),
    ].merging(settings.documents) { $1 }
    let own = name.keys.filter { $0 != "local" }.compactMap { key in
      values[key].map { (key: key, value: $0) }
    }
    let order = own.filter { $0.key == "order" }
    let local = self.local.map { [(key: "local", value: $0.document)] } ?? []
    return .mapping(
      [("name", .text(name.rawValue))] + order
        + [("inner", inner.document), ("outer", outer.document)] + local
        + own.filter { $0.key != "order" })
  }
}

extension MethodSettings {
  fileprivate var documents: [String: ScenarioDocument] {
    [
      "proximal": .number(proximal), "conjugate-gradients": .whole(conjugateGradients),
      "context": .whole(context), "hessian": .text(hessian.rawValue),
      "controls": .text(controls.rawValue), "head-steps": .whole(headSteps),
      "multi-step-rounds": .whole(multiStepRounds), "first-order-rounds": .whole(firstOrderRounds),
      "spread": .number(spread), "gradients": .number(gradients),
    ].merging(
      // Nothing is written of plain steps: scenarios from before there was a choice keep their digests.
      innerOptimiser == .sgd ? [:] : ["inner-optimizer": .text(innerOptimiser.rawValue)]
    ) { $1 }
  }
}

extension InnerPlan {
  var document: ScenarioDocument {
    .mapping([("steps", .whole(steps)), ("rate", .number(rate))])
  }
}

extension LocalPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([("steps", .whole(steps)), ("batch", .whole(batch)), ("rate", .number(rate))])
  }
}

extension OuterPlan {
  fileprivate var document: ScenarioDocument {
    let values: [String: ScenarioDocument] = [
      "momentum": .number(momentum), "beta1": .number(beta1), "beta2": .number(beta2),
      "epsilon": .number(epsilon), "accumulator": .number(accumulator),
      "bias-correction": .truth(biasCorrection), "hyper-rate": .number(hyperRate),
    ]
    let own = optimiser.keys.filter { !isSilent($0) }.compactMap { key in
      values[key].map { (key: key, value: $0) }
    }
    return .mapping([("optimizer", .text(optimiser.rawValue)), ("rate", .number(rate))] + own)
  }

  /// Whether nothing is written of a key that is as it usually is with `adam`: scenarios that were
  /// written before there was a choice keep their digests.
  private func isSilent(_ key: String) -> Bool {
    let usual = OuterPlan.usual(optimiser)
    guard optimiser == .adam else { return false }
    return key == "accumulator" && accumulator == usual.accumulator
      || key == "bias-correction" && biasCorrection == usual.biasCorrection
  }
}
