import MetaLearning
import Models

/// Algorithms that hold a model back to another one.
extension GoldenReport {
  mutating func checkFedProx(_ record: GoldenRecord, _ setting: FederatedSetting) throws {
    let (mu, rate) = (try record.number("mu"), try record.number("rate"))
    let (points, objectives) = try (
      record.record("w_by_steps"), record.record("objective_by_steps")
    )
    for name in ["1", "2", "5"] {
      let local = InnerLoop(steps: Int(name) ?? 0, rate: Float(rate))
      let algorithm = FedProx(network: setting.network, local: local, mu: Float(mu))
      let sent = try setting.contribution(
        of: algorithm, count: algorithm.contributionCount, at: setting.start,
        from: setting.batches("D"))
      let end = setting.end(sent.sent)
      check("fedprox w_by_steps[\(name)]", end, try points.vector(name, count: end.count))
      let distance = zip(end, setting.start).reduce(0.0) { sum, pair in
        sum + (Double(pair.0) - Double(pair.1)) * (Double(pair.0) - Double(pair.1))
      }
      check(
        "fedprox objective_by_steps[\(name)]", [sent.losses.after + mu / 2 * distance],
        [try objectives.number(name)])
    }
    try points.finish()
    try objectives.finish()
    try record.finish()
  }

  mutating func checkDitto(_ record: GoldenRecord, _ setting: FederatedSetting) throws {
    let (lambda, rate) = (try record.number("lambda"), try record.number("rate"))
    let v0 = try setting.model.parameters(record, "v0")
    func personal(steps: Int) throws -> [Float] {
      let algorithm = Ditto(
        network: setting.network, local: InnerLoop(steps: 1, rate: 0.1),
        personal: InnerLoop(steps: steps, rate: Float(rate)), lambda: Float(lambda))
      return try setting.contribution(
        of: algorithm, count: algorithm.contributionCount, at: setting.start,
        from: setting.batches("D"), remembering: v0
      ).memory
    }
    let bySteps = try record.record("v_by_steps")
    for name in ["1", "2", "5"] {
      check(
        "ditto v_by_steps[\(name)]", try personal(steps: Int(name) ?? 0),
        try bySteps.vector(name, count: v0.count))
    }
    try bySteps.finish()
    check(
      "ditto v_exact", try personal(steps: 1000), try record.vector("v_exact", count: v0.count))
    // How exact the recorded minimum is.
    _ = try record.number("residual")
    try record.finish()
  }

  mutating func checkPFedMe(_ record: GoldenRecord, _ setting: FederatedSetting) throws {
    let (start, count) = (setting.start, setting.start.count)
    let (lambda, inner, eta) = try (
      record.number("lambda"), record.number("inner_rate"), record.number("local_rate")
    )
    func round(_ rounds: Int, steps: Int) throws -> (end: [Float], personal: [Float]) {
      let algorithm = PFedMe(
        network: setting.network, local: InnerLoop(steps: rounds, rate: Float(eta)),
        inner: InnerLoop(steps: steps, rate: Float(inner)), lambda: Float(lambda))
      let sent = try setting.contribution(
        of: algorithm, count: count, at: start, from: setting.batches("D"))
      return (setting.end(sent.sent), sent.memory)
    }
    let bySteps = try record.record("theta_by_steps")
    for name in ["1", "2", "5"] {
      check(
        "pfedme theta_by_steps[\(name)]", try round(1, steps: Int(name) ?? 0).personal,
        try bySteps.vector(name, count: count))
    }
    try bySteps.finish()
    for (index, want) in try record.vectors("w_after_round", rows: 2, count: count).enumerated() {
      check("pfedme w_after_round[\(index)]", try round(index + 1, steps: 5).end, want)
    }
    check(
      "pfedme theta_second_round", try round(2, steps: 5).personal,
      try record.vector("theta_second_round", count: count))
    let exact = try round(1, steps: 1000)
    check(
      "pfedme theta_exact", exact.personal, try record.vector("theta_exact", count: count))
    // One local round moves by eta times the gradient of the envelope.
    check(
      "pfedme envelope_grad_exact", zip(start, exact.end).map { (Double($0) - Double($1)) / eta },
      try record.vector("envelope_grad_exact", count: count))
    // How exact the recorded minimum is.
    _ = try record.number("residual")
    try record.finish()
  }
}
