import MetaLearning
import Models

extension GoldenReport {
  /// Three outer iterations over all tasks, for each run that is recorded.
  mutating func checkTrajectory(_ record: GoldenRecord) throws {
    let model = try GoldenModel(record.record("model"))
    let hyper = try record.record("hyper")
    let inner = InnerLoop(
      steps: Int(try hyper.number("inner_steps")), rate: Float(try hyper.number("alpha")))
    try hyper.finish()
    let theta = try model.parameters(record, "theta")
    let tasks = try record.records("tasks").map { task in
      let episode = try model.episode(task)
      try task.finish()
      return episode
    }
    let runs = try record.record("runs")
    for (name, order) in [("maml", Order.second), ("fomaml", .first)] {
      let algorithm = MAML(network: model.network, inner: inner, order: order)
      for optimiser in ["sgd", "adam"] {
        let run = try runs.record("\(name)_\(optimiser)")
        try checkRun(run, "\(name)_\(optimiser)", algorithm, theta, tasks)
      }
    }
    try runs.finish()
  }

  private mutating func checkRun(
    _ record: GoldenRecord, _ name: String, _ algorithm: MAML, _ start: [Float],
    _ tasks: [PreparedEpisode]
  ) throws {
    let rate = try record.number("rate")
    var optimiser = Optimiser(
      name.hasSuffix("adam") ? .adam(rate: rate) : .sgd(rate: rate), parameterCount: start.count)
    var theta = start
    var losses: [Double] = []
    for (index, want) in try record.vectors("theta", rows: 3, count: start.count).enumerated() {
      let (gradient, loss) = Self.mean(algorithm, theta, tasks)
      losses.append(loss)
      optimiser.step(&theta, along: gradient)
      check("\(name).theta[\(index + 1)]", theta, want)
    }
    losses.append(Self.mean(algorithm, theta, tasks).loss)
    check("\(name).meta_loss", losses, try record.vector("meta_loss", count: 4))
    try record.finish()
  }

  /// The mean meta-gradient of the tasks, and their mean loss after adaptation.
  private static func mean(
    _ algorithm: MAML, _ theta: [Float], _ tasks: [PreparedEpisode]
  ) -> (gradient: [Float], loss: Double) {
    var sum = [Double](repeating: 0, count: theta.count)
    var gradient = [Float](repeating: .nan, count: theta.count)
    var loss = 0.0
    for task in tasks {
      loss += algorithm.metaGradient(at: theta, of: task, into: &gradient).after
      for index in sum.indices { sum[index] += Double(gradient[index]) }
    }
    return (sum.map { Float($0 / Double(tasks.count)) }, loss / Double(tasks.count))
  }
}
