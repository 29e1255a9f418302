extension GoldenReport {
  /// Local steps of federated and personalised algorithms, none of which is built.
  mutating func listFederated(_ record: GoldenRecord) throws {
    let model = try GoldenModel(record.record("model"))
    _ = try model.parameters(record, "w")
    let data = try record.record("data")
    for name in data.names { _ = try model.examples(data.record(name)) }
    let algorithms: Set = ["per_fedavg", "pfedme", "ditto", "fedprox", "scaffold", "fedavg"]
    for name in record.names where algorithms.contains(name) {
      try list(name, record.record(name))
    }
  }
}
