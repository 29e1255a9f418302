import Models

extension GoldenReport {
  /// Outer optimisers on explicit gradients.
  mutating func checkOptimisers(_ record: GoldenRecord) throws {
    let start = try record.vector("x0")
    let gradients = try record.vectors("gradients", count: start.count)
    let runs = try record.record("runs")
    for name in runs.names { try checkRun(runs.record(name), name, start, gradients) }
    try runs.finish()
  }

  private mutating func checkRun(
    _ record: GoldenRecord, _ name: String, _ start: [Double], _ gradients: [[Double]]
  ) throws {
    var optimiser = Optimiser(
      try Self.rule(name, record.record("hyper")), parameterCount: start.count)
    var x = start.map { Float($0) }
    let wanted = try record.vectors("x", rows: gradients.count, count: start.count)
    for (index, want) in wanted.enumerated() {
      optimiser.step(&x, along: gradients[index].map { Float($0) })
      check("\(name).x[\(index + 1)]", x, want)
    }
    try checkState(record, name, optimiser)
    try record.finish()
  }

  /// The final state.
  ///
  /// Adaptive rules are recorded with moves, which are gradients the other way round.
  private mutating func checkState(
    _ record: GoldenRecord, _ name: String, _ optimiser: Optimiser
  ) throws {
    let (first, second) = (optimiser.firstMoment, optimiser.secondMoment)
    if record.names.contains("final_u") {
      check("\(name).final_u", first, try record.vector("final_u", count: first.count))
    }
    guard record.names.contains("final_m") else { return }
    let sign: Float = name.hasPrefix("fed_") ? -1 : 1
    check(
      "\(name).final_m", first.map { sign * $0 }, try record.vector("final_m", count: first.count))
    check("\(name).final_v", second, try record.vector("final_v", count: second.count))
  }

  private static func rule(_ name: String, _ hyper: GoldenRecord) throws -> Optimiser.Rule {
    let rate = try hyper.number("rate")
    let rule: Optimiser.Rule =
      switch name {
      case "sgd": .sgd(rate: rate)
      case "sgd_momentum": .momentum(rate: rate, factor: try hyper.number("momentum"))
      case "sgd_nesterov": .nesterov(rate: rate, factor: try hyper.number("momentum"))
      case "adam":
        .adam(
          rate: rate, beta1: try hyper.number("beta1"), beta2: try hyper.number("beta2"),
          epsilon: try hyper.number("epsilon"))
      case "adamw":
        .adamW(
          rate: rate, decay: try hyper.number("weight_decay"), beta1: try hyper.number("beta1"),
          beta2: try hyper.number("beta2"), epsilon: try hyper.number("epsilon"))
      case "fed_adam": .adaptive(try adaptive(.adam, rate, hyper))
      case "fed_yogi": .adaptive(try adaptive(.yogi, rate, hyper))
      case "fed_adagrad", "fed_adagrad_momentum": .adaptive(try adaptive(.adagrad, rate, hyper))
      default: throw GoldenError.unknown("\(hyper.path) of \(name)")
      }
    try hyper.finish()
    return rule
  }

  private static func adaptive(
    _ kind: Optimiser.Adaptive.Kind, _ rate: Double, _ hyper: GoldenRecord
  ) throws -> Optimiser.Adaptive {
    Optimiser.Adaptive(
      kind, rate: rate, beta1: try hyper.number("beta1"),
      beta2: kind == .adagrad ? 0 : try hyper.number("beta2"), tau: try hyper.number("tau"))
  }
}
