import Cohorts
import Scenarios
import Tensors

/// The patients of the hospitals that a process serves, and what episodes are drawn from.
///
/// Synthetic hospitals are made when they are asked for; hospitals of a data set are read at the
/// start, so that what is wrong with the data is said before the run. A clinic is kept for as long as
/// there is room and the rules that make its hospital differ are as strong as they were; otherwise it
/// is made anew, of the same streams and so of the same patients.
final class Wards {
  private let experiment: Experiment
  /// The patients that were read or given.
  private var cohorts: [String: Cohort] = [:]
  private var synthetic: SyntheticClinic?
  private var doses: DoseClinic?
  private var tenClasses: TenClasses?
  private(set) var kept: WardCache
  /// The rounds from which acts by time hold, as the coordinator has told.
  var onsets: [Int] = [] {
    didSet {
      if onsets != oldValue { heterogeneity = experiment.heterogeneity(since: onsets) }
    }
  }
  private var heterogeneity: Heterogeneity

  init(
    _ experiment: Experiment, hospitals: HospitalList, data: String?, capacity: Int
  ) throws(CohortError) {
    self.experiment = experiment
    heterogeneity = experiment.heterogeneity
    kept = WardCache(capacity: capacity)
    try Heterogeneity.check(experiment.scenario)
    if let plan = experiment.scenario.cohorts.partition {
      cohorts = try Self.partitioned(experiment, by: plan, for: Set(hospitals), data: data)
      return
    }
    switch experiment.scenario.cohorts.source {
    case .heartDisease:
      let directory = try Self.directory(data)
      for hospital in hospitals {
        cohorts[hospital] = try HeartDisease.cohort(of: hospital, in: directory)
      }
    case .strokeTrial:
      let read = try StrokeTrial.cohorts(
        of: Array(hospitals), by: Grouping(experiment.scenario.cohorts.by),
        in: try Self.directory(data))
      cohorts = Dictionary(uniqueKeysWithValues: read.map { ($0.hospital, $0) })
    case .synthetic(let plan):
      synthetic = SyntheticClinic(plan, random: experiment.cohortStream)
    case .published(let plan):
      let read = try plan.cohorts(
        of: Array(hospitals), by: experiment.scenario.cohorts.by, in: try Self.directory(data))
      cohorts = Dictionary(read.map { ($0.hospital, $0) }) { first, _ in first }
    case .doses(let plan): doses = DoseClinic(plan, random: experiment.cohortStream)
    case .tenClasses(let plan):
      tenClasses = TenClasses(
        plan, hospitals: experiment.scenario.cohorts.hospitals, wanted: Set(hospitals))
    case .sinusoid: break
    }
  }

  /// The hospitals whose patients are given.
  init(_ experiment: Experiment, cohorts: [String: Cohort], capacity: Int) {
    self.experiment = experiment
    heterogeneity = experiment.heterogeneity
    self.cohorts = cohorts
    kept = WardCache(capacity: capacity)
  }

  static func directory(_ data: String?) throws(CohortError) -> String {
    if let data { return data }
    throw CohortError(
      "the data directory", found: "none named", accepted: "a directory that holds the data set",
      advice: "name it with --data")
  }

  /// What episodes are drawn from at `hospital` in `round`, with features on the scale of
  /// `standardiser`.
  func source(
    of hospital: String, in round: Int, standardiser: Standardiser?
  ) throws(CohortError) -> any BatchedSource {
    if let ward = try ward(of: hospital, in: round, standardiser: standardiser) {
      return ward.source
    }
    return sinusoids(at: hospital)
  }

  /// The clinic of a hospital with patients; `nil` where tasks make their own points.
  func clinic(
    of hospital: String, in round: Int, standardiser: Standardiser?
  ) throws(CohortError) -> Clinic? {
    try ward(of: hospital, in: round, standardiser: standardiser)?.clinic
  }

  private func ward(
    of hospital: String, in round: Int, standardiser: Standardiser?
  ) throws(CohortError) -> Ward? {
    if case .sinusoid = experiment.scenario.cohorts.source { return nil }
    let strengths = heterogeneity.strengths(at: hospital, in: round)
    let known = kept[hospital].flatMap { $0.strengths == strengths ? $0 : nil }
    if let known, known.standardiser == standardiser { return known }
    let clinic =
      if let known { known.clinic } else { try makeClinic(of: hospital, in: round) }
    let scaled = clinic.standardised(by: ownScale(of: clinic) ?? standardiser)
    let ward = Ward(
      hospital: hospital, strengths: strengths, standardiser: standardiser, clinic: scaled)
    kept.keep(ward)
    return ward
  }

  /// The patients of `hospital` in `round`, as rules make them, and the split where it is decided.
  func cohort(of hospital: String, in round: Int) throws(CohortError) -> Cohort {
    guard !heterogeneity.rules.isEmpty else { return try cohort(of: hospital) }
    return heterogeneity.cohort(
      from: try origin(of: hospital), in: round,
      testShare: experiment.scenario.cohorts.testShare,
      heldOut: experiment.heldOut.contains(hospital), random: splitStream(of: hospital))
  }
}

extension Wards {
  private func makeClinic(of hospital: String, in round: Int) throws(CohortError) -> Clinic {
    try Clinic(
      cohort: cohort(of: hospital, in: round).coded(by: experiment.categories),
      testShare: experiment.scenario.cohorts.testShare,
      heldOut: experiment.heldOut.contains(hospital), standardiser: nil,
      random: splitStream(of: hospital))
  }

  private func splitStream(of hospital: String) -> RandomStream {
    experiment.cohortStream.child("split").child(hospital)
  }

  /// Where the patients of `hospital` come from before rules make them differ.
  private func origin(of hospital: String) throws(CohortError) -> Heterogeneity.Source {
    if let synthetic { return .synthetic(synthetic, hospital: hospital) }
    return .given(try cohort(of: hospital))
  }

  /// The hospital's own scale, where the scenario wants each hospital to use its own.
  private func ownScale(of clinic: Clinic) -> Standardiser? {
    guard experiment.scenario.cohorts.standardisation == .perHospital else { return nil }
    return Standardiser(clinic.trainingSums)
  }

  private func cohort(of hospital: String) throws(CohortError) -> Cohort {
    if let known = cohorts[hospital] { return known }
    if let doses { return doses.cohort(of: hospital) }
    if let tenClasses { return tenClasses.cohort(of: hospital) }
    guard let synthetic else {
      throw CohortError(
        "hospital \(hospital)", found: "no patients",
        accepted: "a hospital whose patients were read",
        advice: "name it when the node is started")
    }
    return synthetic.cohort(of: hospital)
  }

  private func sinusoids(at hospital: String) -> SinusoidFamily {
    guard case .sinusoid(let plan) = experiment.scenario.cohorts.source else {
      preconditionFailure("\(hospital) has patients, not sine waves")
    }
    return SinusoidFamily(plan)
  }
}

extension SyntheticClinic {
  init(_ plan: SyntheticPlan, random: RandomStream) {
    self.init(
      patients: plan.patients, features: plan.features,
      outcome: plan.outcome == .diagnosis ? .diagnosis : .lengthOfStay, caseMix: plan.caseMix,
      effectSpread: plan.effectSpread, prevalence: plan.prevalence, random: random)
  }
}

extension TenClasses {
  init(_ plan: TenClassesPlan, hospitals: HospitalList, wanted: Set<String>) {
    self.init(
      alpha: plan.alpha, beta: plan.beta, factor: plan.sizeFactor, seed: plan.seed,
      hospitals: Array(hospitals), wanted: wanted)
  }
}

extension SinusoidFamily {
  init(_ plan: SinusoidPlan) {
    self.init(
      amplitude: plan.amplitude, phase: plan.phase, frequency: plan.frequency, inputs: plan.inputs,
      points: plan.points == .random ? .random : .grid)
  }
}
