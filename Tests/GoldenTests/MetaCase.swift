import MetaLearning
import Models

extension GoldenReport {
  /// One task: losses, gradients, Hessian-vector products, adaptation and meta-gradients.
  mutating func checkMeta(_ record: GoldenRecord) throws {
    let model = try GoldenModel(record.record("model"))
    let hyper = try record.record("hyper")
    let rate = Float(try hyper.number("alpha"))
    let lambda = Float(try hyper.number("lambda_imaml"))
    try hyper.finish()
    let theta = try model.parameters(record, "theta")
    let episode = try model.episode(record)
    try checkAtTheta(record.record("at_theta"), model, theta, episode)
    try checkAdapted(record.record("adapted"), model, theta, episode, rate)
    let rates = try model.parameters(record, "metasgd_alpha")
    try checkBySteps(record.record("by_inner_steps"), model, theta, rates, episode, rate)
    try checkImplicit(record.record("imaml"), lambda, model, theta, episode)
  }

  private mutating func checkAtTheta(
    _ record: GoldenRecord, _ model: GoldenModel, _ theta: [Float], _ episode: PreparedEpisode
  ) throws {
    let logits = try record.vectors(
      "support_logits", rows: episode.support.count, count: model.network.outputs)
    check("support_logits", model.outputs(theta, episode.support), Array(logits.joined()))
    for (name, examples) in [("support", episode.support), ("query", episode.query)] {
      let loss = try record.number("\(name)_loss")
      let (gradient, lossOfGradient) = model.gradient(theta, examples)
      check("\(name)_loss", [model.loss(theta, examples)], [loss])
      check("\(name)_loss with the gradient", [lossOfGradient], [loss])
      check(
        "\(name)_grad", gradient,
        try record.vector("\(name)_grad", count: theta.count))
    }
    let direction = try model.parameters(record, "v")
    check(
      "hvp", model.hessianVectorProduct(theta, along: direction, episode.support),
      try record.vector("hvp", count: theta.count))
    try record.finish()
  }

  private mutating func checkAdapted(
    _ record: GoldenRecord, _ model: GoldenModel, _ theta: [Float], _ episode: PreparedEpisode,
    _ rate: Float
  ) throws {
    let adaptation = Adaptation(network: model.network)
    let wanted = try record.vectors("theta", rows: 5, count: theta.count)
    let adapted = (0...5).map {
      adaptation.adapted(theta, to: episode.support, steps: $0, rate: rate)
    }
    for (step, want) in wanted.enumerated() {
      check("adapted.theta[\(step + 1)]", adapted[step + 1], want)
    }
    for (name, examples) in [("support", episode.support), ("query", episode.query)] {
      check(
        "adapted.\(name)_loss", adapted.map { adaptation.loss(at: $0, on: examples) },
        try record.vector("\(name)_loss", count: 6))
    }
    try record.finish()
  }
}

// MARK: Meta-gradients

extension GoldenReport {
  private mutating func checkBySteps(
    _ record: GoldenRecord, _ model: GoldenModel, _ theta: [Float], _ rates: [Float],
    _ episode: PreparedEpisode, _ rate: Float
  ) throws {
    for name in ["1", "2", "5"] {
      let expected = try record.record(name)
      let inner = InnerLoop(steps: Int(name) ?? 0, rate: rate)
      for (field, order) in [("maml", Order.second), ("fomaml", .first)] {
        try checkMetaGradient(
          expected, field, MAML(network: model.network, inner: inner, order: order), theta, episode)
      }
      try checkReptile(expected, inner, model, theta, episode)
      try checkMetaSGD(expected.record("metasgd"), inner, model, theta + rates, episode)
      try checkANIL(expected.record("anil"), inner, model, theta, episode)
      try expected.finish()
    }
    try record.finish()
  }

  private mutating func checkMetaGradient(
    _ record: GoldenRecord, _ field: String, _ algorithm: MAML, _ theta: [Float],
    _ episode: PreparedEpisode
  ) throws {
    let steps = algorithm.inner.steps
    let (gradient, losses) = Self.metaGradient(algorithm, theta, episode)
    check("K=\(steps) \(field)", gradient, try record.vector(field, count: theta.count))
    check(
      "K=\(steps) query_loss of \(field)", [losses.after], [try record.number("query_loss")])
  }

  private mutating func checkReptile(
    _ record: GoldenRecord, _ inner: InnerLoop, _ model: GoldenModel, _ theta: [Float],
    _ episode: PreparedEpisode
  ) throws {
    let algorithm = Reptile(network: model.network, inner: inner)
    let (gradient, losses) = Self.metaGradient(algorithm, theta, episode)
    check(
      "K=\(inner.steps) reptile", gradient, try record.vector("reptile", count: theta.count))
    check(
      "K=\(inner.steps) query_loss of reptile", [losses.after], [try record.number("query_loss")])
  }

  private mutating func checkMetaSGD(
    _ record: GoldenRecord, _ inner: InnerLoop, _ model: GoldenModel, _ parameters: [Float],
    _ episode: PreparedEpisode
  ) throws {
    let algorithm = MetaSGD(network: model.network, inner: inner, order: .second)
    let (gradient, losses) = Self.metaGradient(algorithm, parameters, episode)
    let count = parameters.count / 2
    check(
      "K=\(inner.steps) metasgd grad_theta", Array(gradient[..<count]),
      try record.vector("grad_theta", count: count))
    check(
      "K=\(inner.steps) metasgd grad_alpha", Array(gradient[count...]),
      try record.vector("grad_alpha", count: count))
    check(
      "K=\(inner.steps) metasgd query_loss", [losses.after], [try record.number("query_loss")])
    try record.finish()
  }

  private mutating func checkANIL(
    _ record: GoldenRecord, _ inner: InnerLoop, _ model: GoldenModel, _ theta: [Float],
    _ episode: PreparedEpisode
  ) throws {
    let loss = try record.number("query_loss")
    for (field, order) in [("grad", Order.second), ("first_order", .first)] {
      let algorithm = ANIL(network: model.network, inner: inner, order: order)
      let (gradient, losses) = Self.metaGradient(algorithm, theta, episode)
      check(
        "K=\(inner.steps) anil \(field)", gradient, try record.vector(field, count: theta.count))
      check("K=\(inner.steps) query_loss of anil \(field)", [losses.after], [loss])
    }
    try record.finish()
  }

  static func metaGradient(
    _ algorithm: any MetaAlgorithm, _ parameters: [Float], _ episode: PreparedEpisode
  ) -> (gradient: [Float], losses: EpisodeLosses) {
    var gradient = [Float](repeating: .nan, count: parameters.count)
    let losses = algorithm.metaGradient(at: parameters, of: episode, into: &gradient)
    return (gradient, losses)
  }
}
