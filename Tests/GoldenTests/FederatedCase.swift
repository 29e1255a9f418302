import MetaLearning
import Models

/// The same batches in turn, from the first again after the last.
final class FixedBatches: BatchSource {
  private let batches: [PreparedExamples]
  private var position = 0

  init(batches: [PreparedExamples]) { self.batches = batches }

  func next() -> PreparedExamples {
    defer { position = (position + 1) % batches.count }
    return batches[position]
  }
}

/// A federated case: where hospitals set out from, and the batches they have.
struct FederatedSetting {
  let model: GoldenModel
  let start: [Float]
  let data: [String: PreparedExamples]

  init(_ record: GoldenRecord) throws {
    model = try GoldenModel(record.record("model"))
    start = try model.parameters(record, "w")
    let data = try record.record("data")
    var examples: [String: PreparedExamples] = [:]
    for name in data.names { examples[name] = try model.examples(data.record(name)) }
    self.data = examples
  }

  var network: Network { model.network }

  func batches(_ names: String...) throws -> FixedBatches {
    try FixedBatches(batches: names.map(examples))
  }

  func examples(_ name: String) throws -> PreparedExamples {
    guard let examples = data[name] else { throw GoldenError.missing("data.\(name)") }
    return examples
  }

  /// What an algorithm sends, and what it remembers.
  func contribution(
    of algorithm: any LocalAlgorithm, count: Int, at parameters: [Float],
    from batches: any BatchSource, remembering memory: [Float] = []
  ) throws -> (sent: [Float], memory: [Float], losses: EpisodeLosses) {
    var memory = memory
    var sent = [Float](repeating: .nan, count: count)
    let losses = try algorithm.contribute(
      at: parameters, from: batches, memory: &memory, into: &sent)
    return (sent, memory, losses)
  }

  /// Where a hospital that sent the way back has got to.
  func end(_ contribution: [Float]) -> [Float] { zip(start, contribution).map { $0 - $1 } }
}

extension GoldenReport {
  /// Local steps of federated and personalised algorithms.
  mutating func checkFederated(_ record: GoldenRecord) throws {
    let setting = try FederatedSetting(record)
    for name in record.names {
      switch name {
      case "fedavg": try checkFedAvg(record.record(name), setting)
      case "per_fedavg": try checkPerFedAvg(record.record(name), setting)
      case "pfedme": try checkPFedMe(record.record(name), setting)
      case "ditto": try checkDitto(record.record(name), setting)
      case "fedprox": try checkFedProx(record.record(name), setting)
      case "scaffold": try checkSCAFFOLD(record.record(name), setting)
      default: break
      }
    }
  }

  private mutating func checkFedAvg(_ record: GoldenRecord, _ setting: FederatedSetting) throws {
    let count = setting.start.count
    let local = InnerLoop(
      steps: Int(try record.number("steps")), rate: Float(try record.number("rate")))
    let algorithm = FedAvg(network: setting.network, local: local)
    let wanted = try record.vectors("w_local", rows: 2, count: count)
    let weights = try record.vector("weights", count: 2)
    var mean = [Double](repeating: 0, count: count)
    for (index, name) in ["D", "E"].enumerated() {
      let (sent, memory, losses) = try setting.contribution(
        of: algorithm, count: count, at: setting.start, from: setting.batches(name))
      let end = setting.end(sent)
      check("fedavg w_local[\(index)]", end, wanted[index])
      try check(
        "fedavg losses of \(name)", [losses.before, losses.after],
        [setting.start, end].map { try setting.model.loss($0, setting.examples(name)) })
      check("fedavg memory", memory, [])
      for i in 0..<count { mean[i] += weights[index] / weights.reduce(0, +) * Double(sent[i]) }
    }
    var update = MetaUpdate(Optimiser(.sgd(rate: 1), parameterCount: count), rule: .gradient)
    var next = setting.start
    update.step(&next, along: mean.map { Float($0) }, contributors: 2)
    check("fedavg w_next", next, try record.vector("w_next", count: count))
    try record.finish()
  }
}
