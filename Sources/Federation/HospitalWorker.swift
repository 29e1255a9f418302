public import Cohorts
import MetaLearning
import Models
import Privacy
import Scenarios
import Tensors
public import Transports

/// Does the jobs of hospitals beside their patients: the one place where patients and assignments
/// meet, and where what leaves a hospital is made.
///
/// It serves any number of hospitals one after the other and keeps nothing of one job for the next
/// but what can be computed again, within ``patientMemory``.
public final class HospitalWorker {
  /// The bytes that a worker keeps of patients that it can make again, unless it is told otherwise:
  /// those of 15,000 hospitals of 200 patients with 13 features.
  public static let patientMemory = 256 << 20

  let experiment: Experiment
  let wards: Wards
  let disclosure: DisclosureRule
  private let algorithm: any MetaAlgorithm
  private let judge: Judge
  private var gradient: [Float]
  private var sum: GradientSum
  /// The sum of squares that one of the attacks needs.
  private var squares: GradientSum?

  /// A worker for `hospitals`, their patients read from `data` where the scenario needs it.
  ///
  /// Patients that rules or the synthetic clinic make are kept up to `patientMemory` bytes and made
  /// again beyond; those that were read are kept besides. No result depends on it.
  ///
  /// - Throws: ``CohortError`` where patients cannot be read.
  public convenience init(
    _ experiment: Experiment, hospitals: [String], data: String?,
    patientMemory: Int = patientMemory
  ) throws(CohortError) {
    self.init(
      experiment,
      wards: try Wards(experiment, hospitals: hospitals, data: data, capacity: patientMemory))
  }

  /// A worker for hospitals whose patients are given, by the hospital's name.
  public convenience init(_ experiment: Experiment, cohorts: [String: Cohort]) {
    self.init(
      experiment, wards: Wards(experiment, cohorts: cohorts, capacity: Self.patientMemory))
  }

  /// The hospitals whose patients are kept at present because they may be asked for again, and the
  /// bytes that these take, about.
  public var kept: (hospitals: Int, bytes: Int) { (wards.kept.count, wards.kept.bytes) }

  private init(_ experiment: Experiment, wards: Wards) {
    self.experiment = experiment
    self.wards = wards
    let scenario = experiment.scenario
    disclosure = DisclosureRule(minimumPatients: scenario.privacy.minimumPatients)
    algorithm = scenario.algorithm.algorithm(for: experiment.network)
    judge = Judge(
      network: experiment.network, kind: OutcomeKind(scenario.task.kind),
      rate: Float(scenario.algorithm.inner.rate), alone: InnerLoop(scenario.evaluation.alone),
      contenders: experiment.contenders)
    gradient = Array(repeating: 0, count: experiment.network.parameterCount)
    sum = GradientSum(count: experiment.network.parameterCount)
  }

  /// The answer to `job`; equal jobs get equal answers, bit for bit.
  ///
  /// - Parameters:
  ///   - job: What is to be done.
  ///   - isInterrupted: Asked between episodes.
  /// - Returns: The answer, or nil if it was interrupted.
  public func perform(_ job: Job, isInterrupted: () -> Bool = { false }) -> Answer? {
    let outcome: Answer.Outcome
    do {
      switch job.turn.phase {
      case .describe: outcome = try describe(job)
      case .learn: outcome = try learn(job, isInterrupted)
      case .evaluate: outcome = try evaluate(job, isInterrupted)
      }
    } catch is Interruption {
      return nil
    } catch {
      outcome = .declined(reason: "\(error)")
    }
    return Answer(turn: job.turn, hospital: job.hospital, outcome: outcome)
  }

  /// A job was given up because the user wants the program to end.
  struct Interruption: Error {}
}

// MARK: The three kinds of work

extension HospitalWorker {
  private func describe(_ job: Job) throws -> Answer.Outcome {
    guard let clinic = try wards.clinic(of: job.hospital, in: 0, standardiser: nil) else {
      return .declined(reason: "its tasks make their own points: there is nothing to describe")
    }
    let sums = FeatureSums(of: clinic.trainingInputs)
    try disclosure.check(patients: sums.count)
    return .contribution(episodes: 1, tensors: description(of: sums))
  }

  /// What the scenario has use for, and no more.
  private func description(of all: FeatureSums) -> [Tensor] {
    var tensors: [Tensor] = []
    if experiment.scenario.cohorts.standardisation == .acrossHospitals {
      let sums = all.disclosable(minimum: experiment.scenario.privacy.minimumPatients)
      let counts = sums.known.map { Double($0) }
      tensors = [
        .doubles(Meaning.featureCount, counts), .doubles(Meaning.featureSum, sums.sums),
        .doubles(Meaning.featureSquareSum, sums.squares),
      ]
    }
    if experiment.invitesByPatients {
      tensors.append(.doubles(Meaning.patients, [Double(all.count)]))
    }
    return tensors
  }

  private func learn(_ job: Job, _ isInterrupted: () -> Bool) throws -> Answer.Outcome {
    let source = try source(of: job)
    let task = experiment.scenario.task
    if source.patients != nil { try disclosure.check(patients: min(task.support, task.query)) }
    let parameters = try parameters(of: job)
    let episodes = experiment.scenario.federation.episodesPerRound
    let attack = experiment.timeline.attack(by: job.hospital, in: job.turn.round)
    // Of one gradient the sum is known.
    let isSummed = episodes > 1 || attack != nil
    if isSummed { sum.reset() }
    squares?.reset()
    var losses = EpisodeLosses(before: 0, after: 0)
    for number in 0..<episodes {
      if isInterrupted() { throw Interruption() }
      let loss = try learn(
        from: source, job, episode: number, at: parameters,
        flipped: attack?.kind == .labelFlip)
      losses.before += loss.before
      losses.after += loss.after
      if isSummed { sum.add(gradient) }
      if attack?.kind == .aLittleIsEnough { addSquares() }
    }
    return .contribution(
      episodes: episodes,
      tensors: [
        .doubles(Meaning.losses, [losses.before, losses.after]),
        .floats(
          Meaning.metaGradientSum,
          isSummed ? sent(attack, job) : GradientSum.rounded(of: gradient)),
      ])
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

  /// Leaves the meta-gradient of one episode in ``gradient``.
  private func learn(
    from source: any EpisodeSource, _ job: Job, episode number: Int, at parameters: [Float],
    flipped: Bool
  ) throws -> EpisodeLosses {
    let task = experiment.scenario.task
    var stream = experiment.trainingStream(
      hospital: job.hospital, round: job.turn.round, episode: number)
    var episode = try source.trainingEpisode(
      support: task.support, query: task.query, using: &stream)
    if flipped { episode.exchangeClasses() }
    let prepared = PreparedEpisode(episode, for: experiment.network)
    return algorithm.metaGradient(at: parameters, of: prepared, into: &gradient)
  }

  private func evaluate(_ job: Job, _ isInterrupted: () -> Bool) throws -> Answer.Outcome {
    let plan = experiment.scenario.evaluation
    let source = try source(of: job)
    let parameters = try parameters(of: job)
    var numbers: [Double] = []
    var refusal: (any Error)?
    for shots in plan.shots {
      do {
        numbers += try judge(source, job, shots: shots, at: parameters, isInterrupted)
          .flatMap(\.numbers)
      } catch let error where error is CohortError || error is TooFewPatients {
        // Too few patients for so many shots: nothing is judged there, and the rest is.
        refusal = error
        numbers += Array(repeating: 0, count: experiment.contenders.count * 6)
      }
    }
    if let refusal, numbers.allSatisfy({ $0 == 0 }) { throw refusal }
    return .contribution(
      episodes: plan.episodes, tensors: metricTensors(numbers, patients: source.patients))
  }

  /// The sums of metrics over the judging episodes of one size.
  private func judge(
    _ source: any EpisodeSource, _ job: Job, shots: Int, at parameters: [Float],
    _ isInterrupted: () -> Bool
  ) throws -> [MetricSums] {
    if source.patients != nil { try disclosure.check(patients: shots) }
    var sums = Array(repeating: MetricSums(), count: experiment.contenders.count)
    for number in 0..<experiment.scenario.evaluation.episodes {
      if isInterrupted() { throw Interruption() }
      var stream = experiment.judgingStream(hospital: job.hospital, shots: shots, episode: number)
      let episode = try source.judgingEpisode(shots: shots, using: &stream)
      if source.patients != nil { try disclosure.check(patients: episode.query.count) }
      let fresh = experiment.freshParameters(hospital: job.hospital, shots: shots, episode: number)
      let results = judge.results(of: episode, at: parameters, fresh: fresh)
      sums = zip(sums, results).map { $0 + $1 }
    }
    return sums
  }

  private func metricTensors(_ numbers: [Double], patients: Int?) -> [Tensor] {
    let shape = [experiment.scenario.evaluation.shots.count, experiment.contenders.count, 6]
    let metrics = Tensor.doubles(Meaning.metrics, numbers, shape: shape)
    guard let patients else { return [metrics] }
    return [metrics, .doubles(Meaning.patients, [Double(patients)])]
  }
}

// MARK: What the coordinator sent along

extension HospitalWorker {
  /// What episodes are drawn from at the job's hospital in the job's round.
  private func source(of job: Job) throws -> any EpisodeSource {
    try wards.source(
      of: job.hospital, in: job.turn.round, standardiser: try standardiser(of: job))
  }

  private func parameters(of job: Job) throws(UnfitAnswer) -> [Float] {
    let count = experiment.network.parameterCount
    return try job.tensors.tensor(Meaning.parameters, .float32, shape: [count]).frame.floats()
  }

  private func standardiser(of job: Job) throws(UnfitAnswer) -> Standardiser? {
    guard experiment.scenario.cohorts.standardisation == .acrossHospitals else { return nil }
    let features = experiment.network.inputs
    let means = try job.tensors.finiteDoubles(Meaning.featureMean, shape: [features])
    let scales = try job.tensors.finiteDoubles(Meaning.featureScale, shape: [features])
    guard scales.allSatisfy({ $0 > 0 }) else {
      throw UnfitAnswer("the assignment scales a feature by nothing")
    }
    return Standardiser(means: means, scales: scales)
  }
}
