extension Contradictions {
  /// Reports layers that are right each and do not fit what goes into them.
  func layers() {
    guard findings.isSound("model.layers", "cohorts") else { return }
    var walk = LayerWalk(from: scenario.cohorts.source)
    look(at: scenario.model.layers, &walk, at: "model.layers")
  }

  private func look(at layers: [ModelPlan.Layer], _ walk: inout LayerWalk, at path: String) {
    for (position, layer) in layers.enumerated() {
      let place = "\(path)[\(position)]"
      if case .residual(let inner) = layer { residual(inner, walk, at: place + ".residual") }
      sequence(layer, walk, at: place)
      if case .embedding(_, let features) = layer { embedding(of: features, at: place) }
      walk.take(layer)
    }
  }

  /// What looks along time needs a sequence to look along.
  private func sequence(_ layer: ModelPlan.Layer, _ entering: LayerWalk, at path: String) {
    let (name, width): (String, Int)
    switch layer {
    case .convolution(let convolution): (name, width) = ("convolution", convolution.width)
    case .gru: (name, width) = ("gru", 1)
    case .dense, .normalisation, .residual, .embedding: return
    }
    if scenario.cohorts.source.readings == nil {
      findings.report(
        "\(name) on features that are no sequence of readings",
        accepted:
          "dense, normalise, residual; or dataset: \(PublishedPlan.DataSet.glucose.rawValue)",
        at: path)
    } else if entering.steps == 0 {
      findings.report(
        "\(name) after layers that leave no sequence",
        accepted:
          "\(name) before them; gru with states: all and a convolution without pool leave one",
        at: path)
    } else if entering.steps < width {
      findings.report(
        "a filter of \(width) steps on a sequence of \(entering.steps)",
        accepted: "a width from 1 to \(entering.steps)", at: path + ".width")
    }
  }

  /// What goes in is added to what comes out, so there are as many of either.
  private func residual(_ layers: [ModelPlan.Layer], _ entering: LayerWalk, at path: String) {
    guard entering.isDecided else {
      findings.report(
        "residual layers on the features of patients, whose number a model does not decide",
        accepted: "a dense layer before them", at: path)
      return
    }
    guard !layers.isEmpty else {
      findings.report("residual layers that are none", accepted: "one layer or more", at: path)
      return
    }
    var walk = entering
    look(at: layers, &walk, at: path)
    guard walk.width != entering.width else { return }
    findings.report(
      "residual layers that make \(walk.width) numbers of \(entering.width)",
      accepted: "layers of which the last has as many units as go in, \(entering.width)", at: path)
  }
}
