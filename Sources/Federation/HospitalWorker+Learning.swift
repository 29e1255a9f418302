import Cohorts
import MetaLearning
import Models
import Privacy
import Scenarios
import Transports

// What a hospital makes of its patients in a round: a sum of meta-gradients, or where its own
// training has led.

extension HospitalWorker {
  func learn(_ job: Job, _ isInterrupted: () -> Bool) throws -> Answer.Outcome {
    let attack = experiment.timeline.ownActs.attack(
      by: job.hospital, in: job.turn.round, onsets: job.onsets ?? [])
    switch learner {
    case .episodes(let algorithm):
      return try learn(job, with: algorithm, attack, isInterrupted)
    case .local(let algorithm): return try train(job, with: algorithm, attack, isInterrupted)
    }
  }

  /// Adds up the meta-gradients of the round's episodes.
  private func learn(
    _ job: Job, with algorithm: any MetaAlgorithm, _ attack: AttackPlan?,
    _ isInterrupted: () -> Bool
  ) throws -> Answer.Outcome {
    let source = try source(of: job)
    let task = experiment.scenario.task
    if source.patients != nil { try disclosure.check(patients: min(task.support, task.query)) }
    let parameters = try parameters(of: job)
    let episodes = experiment.scenario.federation.episodesPerRound
    (algorithm as? any Scheduled)?.begin(round: job.turn.round)
    // Of one gradient the sum is known.
    let isSummed = episodes > 1 || attack != nil
    if isSummed { sum.reset() }
    squares?.reset()
    var losses = EpisodeLosses(before: 0, after: 0)
    var residuals = experiment.scenario.algorithm.name.leavesResiduals ? [0.0, 0] : []
    for number in 0..<episodes {
      if isInterrupted() { throw Interruption() }
      let episode = try episode(
        from: source, job, number, flipped: attack?.kind == .labelFlip)
      let loss = algorithm.metaGradient(at: parameters, of: episode, into: &gradient)
      if let fault = (algorithm as? any Fallible)?.fault { throw UnfitAnswer(fault) }
      losses.before += loss.before
      losses.after += loss.after
      if let left = (algorithm as? any Approximate)?.residuals {
        residuals = zip(residuals, [left.inner, left.solver]).map { $0 + $1 }
      }
      if isSummed { sum.add(gradient) }
      if attack?.kind == .aLittleIsEnough { addSquares() }
    }
    let sent = isSummed ? sent(attack, job) : GradientSum.rounded(of: gradient)
    return contribution(of: sent, count: episodes, losses: losses, residuals: residuals)
  }

  /// Trains by itself, and counts for its patients where the scenario says so.
  private func train(
    _ job: Job, with algorithm: any LocalAlgorithm, _ attack: AttackPlan?,
    _ isInterrupted: () -> Bool
  ) throws -> Answer.Outcome {
    let (source, plan) = (try source(of: job), experiment.scenario.algorithm)
    let local = plan.local ?? LocalPlan(steps: 1, batch: 1, rate: 0)
    if let patients = source.trainable {
      try disclosure.check(patients: min(patients, local.steps * local.batch))
    }
    let stream = experiment.batchStream(hospital: job.hospital, round: job.turn.round)
    let practice = LocalPractice(
      try source.miniBatches(of: local.batch, using: stream), for: experiment.network,
      flipped: attack?.kind == .labelFlip)
    var memory = try memory(of: job)
    let losses = try algorithm.contribute(
      at: try parameters(of: job), from: practice, memory: &memory, into: &gradient)
    if isInterrupted() { throw Interruption() }
    if let owners = practice.owners { try disclosure.check(patients: owners.count) }
    try note(memory, of: job)
    let weight = plan.weighting == .patients ? source.trainable ?? 1 : 1
    sum.reset()
    sum.add(gradient, times: Double(weight))
    return contribution(
      of: sent(attack, job), count: weight,
      losses: EpisodeLosses(
        before: losses.before * Double(weight), after: losses.after * Double(weight)))
  }

  private func contribution(
    of sum: [Float], count: Int, losses: EpisodeLosses, residuals: [Double] = []
  ) -> Answer.Outcome {
    .contribution(
      episodes: count,
      tensors: [.doubles(Meaning.losses, [losses.before, losses.after])]
        + (residuals.isEmpty ? [] : [.doubles(Meaning.residuals, residuals)])
        + [.floats(Meaning.metaGradientSum, sum)])
  }

  private func addSquares() {
    if squares == nil { squares = GradientSum(count: gradient.count) }
    squares?.addSquares(of: gradient)
  }

  /// What travels as the sum of meta-gradients: the sum, or what a hostile hospital makes of it.
  private func sent(_ attack: AttackPlan?, _ job: Job) -> [Float] {
    guard let attack else { return sum.rounded }
    var stream = experiment.attackStream(hospital: job.hospital, round: job.turn.round)
    return attack.harmful(
      sum, squares: squares, episodes: experiment.scenario.federation.episodesPerRound,
      using: &stream
    ).rounded
  }

  private func episode(
    from source: any BatchedSource, _ job: Job, _ number: Int, flipped: Bool
  ) throws -> PreparedEpisode {
    let task = experiment.scenario.task
    var stream = experiment.trainingStream(
      hospital: job.hospital, round: job.turn.round, episode: number)
    var episode = try source.trainingEpisode(
      support: task.support, query: task.query, using: &stream)
    if source.patients != nil { try check(episode) }
    if flipped { episode.exchange(classes: experiment.network.classes) }
    return PreparedEpisode(episode, for: experiment.network)
  }

  /// What the hospital remembers after its last answer that was counted.
  func memory(of job: Job) throws -> [Float] {
    guard experiment.scenario.algorithm.name.remembers else { return [] }
    return try memories.memory(of: job.hospital, after: lastCounted(job), run: job.turn.run)
  }

  private func note(_ memory: [Float], of job: Job) throws {
    guard experiment.scenario.algorithm.name.remembers else { return }
    try memories.note(
      memory, of: job.hospital, after: job.turn.round, before: lastCounted(job), run: job.turn.run)
  }

  private func lastCounted(_ job: Job) throws(UnfitAnswer) -> Int {
    // A round is judged after it has been counted.
    let newest = job.turn.phase == .evaluate ? job.turn.round : job.turn.round - 1
    guard let round = job.lastCounted, round <= newest else {
      throw UnfitAnswer("the assignment does not say when the hospital was counted last")
    }
    return round
  }
}
