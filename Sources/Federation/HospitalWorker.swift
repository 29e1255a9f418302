public import Cohorts
import MetaLearning
import Models
import Privacy
public import Scenarios
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
  let memories: Memories
  let learner: Learner
  let explainer: Explainer?
  private let judge: Judge
  /// The reference that is trained on all patients together; where all of them are here.
  private let pooled: PooledReference?
  var gradient: [Float]
  var sum: GradientSum
  /// The sum of squares that one of the attacks needs.
  var squares: GradientSum?

  /// A worker for `hospitals`, their patients read from `data` where the scenario needs it.
  ///
  /// Patients that rules or the synthetic clinic make are kept up to `patientMemory` bytes and made
  /// again beyond; those that were read are kept besides. No result depends on it.
  ///
  /// - Parameters:
  ///   - experiment: What is run.
  ///   - hospitals: Whose jobs it does.
  ///   - data: The directory that data sets are read from.
  ///   - patientMemory: Bytes of patients that are kept though they could be made again.
  ///   - keeper: Keeps what hospitals remember from round to round; where there is none, it is gone
  ///     with the worker.
  /// - Throws: ``CohortError`` where patients cannot be read.
  public convenience init(
    _ experiment: Experiment, hospitals: HospitalList, data: String?,
    patientMemory: Int = patientMemory, keeper: (any MemoryKeeper)? = nil
  ) throws(CohortError) {
    self.init(
      experiment,
      wards: try Wards(experiment, hospitals: hospitals, data: data, capacity: patientMemory),
      of: hospitals, keeper: keeper)
  }

  /// A worker for hospitals whose patients are given, by the hospital's name.
  public convenience init(_ experiment: Experiment, cohorts: [String: Cohort]) {
    self.init(
      experiment, wards: Wards(experiment, cohorts: cohorts, capacity: Self.patientMemory),
      of: HospitalList(Array(cohorts.keys)), keeper: nil)
  }

  /// The hospitals whose patients are kept at present because they may be asked for again, and the
  /// bytes that these take, about.
  public var kept: (hospitals: Int, bytes: Int) { (wards.kept.count, wards.kept.bytes) }

  private init(
    _ experiment: Experiment, wards: Wards, of hospitals: HospitalList,
    keeper: (any MemoryKeeper)?
  ) {
    self.experiment = experiment
    self.wards = wards
    let scenario = experiment.scenario
    disclosure = DisclosureRule(minimumPatients: scenario.privacy.minimumPatients)
    memories = Memories(of: experiment, keeper: keeper)
    let method = scenario.algorithm.method(for: experiment.network)
    learner = method.learner
    explainer = experiment.explainer(method.adapter)
    judge = Judge(
      network: experiment.network, kind: OutcomeKind(scenario.task.kind),
      adapter: method.adapter, alone: InnerLoop(scenario.evaluation.alone),
      contenders: experiment.contenders, division: scenario.supportDivision,
      interceptSpread: scenario.evaluation.interceptSpread)
    pooled = PooledReference(experiment, wards: wards, of: hospitals)
    gradient = Array(repeating: 0, count: experiment.layout.contribution)
    sum = GradientSum(count: experiment.layout.contribution)
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
      wards.onsets = try experiment.timeline.ownActs.onsets(of: job)
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

// MARK: Describing and judging

extension HospitalWorker {
  private func describe(_ job: Job) throws -> Answer.Outcome {
    guard let clinic = try wards.clinic(of: job.hospital, in: 0, standardiser: nil) else {
      return .declined(reason: "its tasks make their own points: there is nothing to describe")
    }
    try disclosure.check(patients: clinic.trainingPatients)
    return .contribution(episodes: 1, tensors: description(of: clinic))
  }

  /// What the scenario has use for, and no more.
  private func description(of clinic: Clinic) -> [Tensor] {
    var tensors: [Tensor] = []
    if experiment.scenario.cohorts.standardisation == .acrossHospitals {
      let sums = clinic.trainingSums.disclosable(
        minimum: disclosure.minimumPatients, patients: clinic.trainingPatientsKnown)
      let counts = sums.known.map { Double($0) }
      tensors = [
        .doubles(Meaning.featureCount, counts), .doubles(Meaning.featureSum, sums.sums),
        .doubles(Meaning.featureSquareSum, sums.squares),
      ]
    }
    if experiment.invitesByPatients {
      tensors.append(.doubles(Meaning.patients, [Double(clinic.trainingPatients)]))
    }
    return tensors
  }

  private func evaluate(_ job: Job, _ isInterrupted: () -> Bool) throws -> Answer.Outcome {
    let plan = experiment.scenario.evaluation
    let source = try source(of: job)
    let parameters = try parameters(of: job)
    let models = Models(
      common: parameters, personal: try personalModel(of: job, beside: parameters),
      pooled: try pooledModel(of: job))
    let form = JudgementForm(of: experiment)
    var results: [[MetricSums]] = []
    var refusal: (any Error)?
    for shots in plan.shots {
      do {
        results.append(
          try judge(source, job, shots: shots, models, isInterrupted).map(\.sums))
      } catch let error where error is CohortError || error is TooFewPatients {
        // Too few patients for so many shots: nothing is judged there, and the rest is.
        refusal = error
        results.append(form.nothing[results.count])
      }
    }
    if let refusal, results == form.nothing { throw refusal }
    let reliance = try reliance(source, job, at: parameters, isInterrupted)
    let patients = source.patients.map { [Tensor.doubles(Meaning.patients, [Double($0)])] }
    return .contribution(
      episodes: plan.episodes,
      tensors: form.tensors(of: Judgement(sums: results, reliance: reliance)) + (patients ?? []))
  }

  /// What is judged at a hospital: the meta-parameters, its own model where it keeps one, and that of
  /// all patients together where the scenario asks for it.
  private struct Models {
    let common: [Float]
    let personal: [Float]?
    let pooled: [Float]?
  }

  private func pooledModel(of job: Job) throws -> [Float]? {
    guard experiment.scenario.evaluation.pooled != nil else { return nil }
    guard let pooled else {
      throw UnfitAnswer(
        "evaluation.pooled trains on the patients of all hospitals, who are not here: it is for the"
          + " simulated engine")
    }
    return try pooled.parameters(
      in: job.turn.round, standardiser: try standardiser(of: job))
  }

  private func personalModel(of job: Job, beside parameters: [Float]) throws -> [Float]? {
    let plan = experiment.scenario.algorithm
    guard plan.name.keepsModel else { return nil }
    return plan.personalModel(
      from: try memory(of: job), and: parameters, of: experiment.network)
  }

  /// The sums of metrics over the judging episodes of one size.
  private func judge(
    _ source: any BatchedSource, _ job: Job, shots: Int, _ models: Models,
    _ isInterrupted: () -> Bool
  ) throws -> [Tally] {
    if source.patients != nil { try disclosure.check(patients: shots) }
    var sums = Array(repeating: Tally(), count: experiment.contenders.count)
    for number in 0..<experiment.scenario.evaluation.episodes {
      if isInterrupted() { throw Interruption() }
      var stream = experiment.judgingStream(hospital: job.hospital, shots: shots, episode: number)
      let episode = try source.judgingEpisode(shots: shots, using: &stream)
      if source.patients != nil { try check(episode) }
      let fresh = experiment.freshParameters(hospital: job.hospital, shots: shots, episode: number)
      let results = judge.results(
        of: episode, at: models.common, fresh: fresh, personal: models.personal,
        pooled: models.pooled)
      sums = zip(sums, results).map { $0 + $1 }
    }
    return sums
  }
}

extension HospitalWorker {
  /// Refuses an episode of whose sets one has too few patients: of records, fewer than there are of
  /// these.
  func check(_ episode: Episode) throws(TooFewPatients) {
    try disclosure.check(patients: min(episode.support.patients, episode.query.patients))
  }
}

// MARK: What the coordinator sent along

extension HospitalWorker {
  /// What episodes are drawn from at the job's hospital in the job's round.
  func source(of job: Job) throws -> any BatchedSource {
    try wards.source(
      of: job.hospital, in: job.turn.round, standardiser: try standardiser(of: job))
  }

  func parameters(of job: Job) throws(UnfitAnswer) -> [Float] {
    let count = experiment.layout.parameters
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
