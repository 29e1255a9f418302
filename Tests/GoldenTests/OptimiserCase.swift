import Models

extension GoldenReport {
  /// Outer optimisers on explicit gradients.
  mutating func checkOptimisers(_ record: GoldenRecord) throws {
    let start = try record.vector("x0")
    let gradients = try record.vectors("gradients", count: start.count)
    let runs = try record.record("runs")
    for (name, state) in [("sgd", []), ("sgd_momentum", ["u"]), ("adam", ["m", "v"])] {
      try checkRun(runs.record(name), name, state, start, gradients)
    }
    let notBuilt: Set = [
      "sgd_nesterov", "adamw", "fed_adam", "fed_yogi", "fed_adagrad", "fed_adagrad_momentum",
    ]
    for name in runs.names where notBuilt.contains(name) { try list(name, runs.record(name)) }
    try runs.finish()
  }

  private mutating func checkRun(
    _ record: GoldenRecord, _ name: String, _ state: [String], _ start: [Double],
    _ gradients: [[Double]]
  ) throws {
    var optimiser = Optimiser(
      try Self.rule(name, record.record("hyper")), parameterCount: start.count)
    var x = start.map { Float($0) }
    let wanted = try record.vectors("x", rows: gradients.count, count: start.count)
    for (index, want) in wanted.enumerated() {
      optimiser.step(&x, along: gradients[index].map { Float($0) })
      check("\(name).x[\(index + 1)]", x, want)
    }
    for (field, moment) in zip(state, [optimiser.firstMoment, optimiser.secondMoment]) {
      check(
        "\(name).final_\(field)", moment, try record.vector("final_\(field)", count: start.count))
    }
    try record.finish()
  }

  private static func rule(_ name: String, _ hyper: GoldenRecord) throws -> Optimiser.Rule {
    let rate = try hyper.number("rate")
    let rule: Optimiser.Rule =
      switch name {
      case "sgd": .sgd(rate: rate)
      case "sgd_momentum": .momentum(rate: rate, factor: try hyper.number("momentum"))
      default:
        .adam(
          rate: rate, beta1: try hyper.number("beta1"), beta2: try hyper.number("beta2"),
          epsilon: try hyper.number("epsilon"))
      }
    try hyper.finish()
    return rule
  }
}
