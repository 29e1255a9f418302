import MetaLearning
import Models

/// Algorithms that correct their local steps: by curvature, or by control variates.
extension GoldenReport {
  /// What a difference quotient in `Float` is compared at, as the README of the cases suggests.
  static let differenceTolerance = 5e-3

  mutating func checkPerFedAvg(_ record: GoldenRecord, _ setting: FederatedSetting) throws {
    let count = setting.start.count
    let (alpha, beta, delta) = try (
      record.number("alpha"), record.number("beta"), record.number("delta")
    )
    let width = Float(delta)
    /// The direction of one local step.
    func direction(_ curvature: PerFedAvg.Curvature) throws -> (along: [Double], end: [Float]) {
      let algorithm = PerFedAvg(
        network: setting.network, local: InnerLoop(steps: 1, rate: Float(beta)),
        rate: Float(alpha), curvature: curvature)
      let sent = try setting.contribution(
        of: algorithm, count: count, at: setting.start, from: setting.batches("D", "D1", "D2")
      ).sent
      return (sent.map { Double($0) / beta }, setting.end(sent))
    }
    let adapted = Adaptation(network: setting.network)
      .adapted(setting.start, to: try setting.examples("D"), steps: 1, rate: Float(alpha))
    check("per_fedavg w_tilde", adapted, try record.vector("w_tilde", count: count))
    let first = try direction(.none)
    check(
      "per_fedavg grad_at_w_tilde", first.along,
      try record.vector("grad_at_w_tilde", count: count))
    check("per_fedavg w_next_fo", first.end, try record.vector("w_next_fo", count: count))
    check(
      "per_fedavg exact_hvp", try direction(.exact).along,
      try record.vector("exact_hvp", count: count))
    let published = try direction(.difference(width: width, isScaled: false))
    check(
      "per_fedavg difference", zip(first.along, published.along).map { ($0 - $1) / alpha },
      try record.vector("difference", count: count), tolerance: Self.differenceTolerance)
    check(
      "per_fedavg hf", published.along, try record.vector("hf", count: count),
      tolerance: Self.differenceTolerance)
    check(
      "per_fedavg w_next_hf", published.end, try record.vector("w_next_hf", count: count),
      tolerance: Self.differenceTolerance)
    try record.finish()
  }

  mutating func checkSCAFFOLD(_ record: GoldenRecord, _ setting: FederatedSetting) throws {
    let count = setting.start.count
    let rate = Float(try record.number("local_rate"))
    let parameters = try setting.start + setting.model.parameters(record, "c")
    let variates = try record.vectors("c_i", rows: 2, count: count).map { $0.map { Float($0) } }
    let rule = MetaUpdate.Rule.scaffold(hospitals: Int(try record.number("clients_total")))
    let serverRate = try record.number("server_rate")
    func sent(_ algorithm: SCAFFOLD) throws -> [(sent: [Float], memory: [Float])] {
      try zip(["D", "E"], variates).map { name, variate in
        let sent = try setting.contribution(
          of: algorithm, count: 2 * count, at: parameters, from: setting.batches(name),
          remembering: variate)
        return (sent.sent, sent.memory)
      }
    }
    let bySteps = try record.record("by_steps")
    for name in bySteps.names {
      let expected = try bySteps.record(name)
      let local = InnerLoop(steps: Int(name) ?? 0, rate: rate)
      let ends = try sent(SCAFFOLD(network: setting.network, local: local))
      let (y, c) = try (
        expected.vectors("y", rows: 2, count: count),
        expected.vectors("c_i_next", rows: 2, count: count)
      )
      for (index, end) in ends.enumerated() {
        check(
          "scaffold K=\(name) y[\(index)]", setting.end(Array(end.sent[..<count])), y[index])
        check("scaffold K=\(name) c_i_next[\(index)]", end.memory, c[index])
      }
      var next = parameters
      var update = MetaUpdate(
        Optimiser(.sgd(rate: serverRate), parameterCount: count), rule: rule)
      update.step(
        &next, along: zip(ends[0].sent, ends[1].sent).map { ($0 + $1) / 2 }, contributors: 2)
      check(
        "scaffold K=\(name) w_next", Array(next[..<count]),
        try expected.vector("w_next", count: count))
      check(
        "scaffold K=\(name) c_next", Array(next[count...]),
        try expected.vector("c_next", count: count))
      try expected.finish()
    }
    try bySteps.finish()
    // With the same batch in every step, the mean of the gradients at the start is the one on it.
    let local = InnerLoop(steps: 3, rate: rate)
    let first = try sent(SCAFFOLD(network: setting.network, local: local, option: .gradient))
    for (index, want) in try record.vectors("c_i_option1", rows: 2, count: count).enumerated() {
      check("scaffold c_i_option1[\(index)]", first[index].memory, want)
    }
    try record.finish()
  }
}
