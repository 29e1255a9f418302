public import Tensors

/// The patients of one hospital as a source of episodes.
///
/// | | training hospital | held-out hospital |
/// |---|---|---|
/// | training episode | support and query from the training part | never |
/// | judging episode | shots from the training part, judged by all kept patients | the same where the data set names a split; else shots from all, judged by all the rest |
///
/// Records of several patients go by patient: a hospital keeps all records of some for judging, and no
/// episode has a patient on both sides. A set has a record of each patient in turn, and so as many
/// patients as it can.
///
/// Records of one patient go by time: the last of them are kept for judging, at training and at held-out
/// patients alike; a training episode adapts on records that follow each other and is judged by some of
/// those made once all their outcomes were known; and `shots` are the patient's first records.
///
/// Drawing copies the rows that it draws; the cohort itself is shared by all clinics made of it.
public struct Clinic: Equatable, Sendable {
  /// The hospital whose patients they are.
  public var hospital: String { cohort.hospital }
  /// The names of the features.
  public var features: [String] { cohort.features }
  /// Whether the hospital never trains.
  public let heldOut: Bool
  /// What brings features to one scale; `nil` leaves them in their own units.
  public let standardiser: Standardiser?

  private let cohort: Cohort
  private let split: PatientSplit
  /// Where patients have several records: those that may be adapted on.
  private let open: PatientGroups?

  /// Splits a cohort into patients to adapt on and patients to be judged by.
  ///
  /// A split that the data set names is kept. Otherwise `testShare` of the patients of a hospital
  /// that trains, drawn from `random`, is kept for judging.
  ///
  /// - Precondition: `testShare` is above 0 and below 1, and the standardiser has a mean for every
  ///   feature.
  /// - Throws: ``CohortError`` where no patient is left to adapt on, or none to be judged by.
  public init(
    cohort: Cohort, testShare: Double, heldOut: Bool, standardiser: Standardiser?,
    random: RandomStream
  ) throws(CohortError) {
    precondition(testShare > 0 && testShare < 1, "a share of \(testShare) splits no patients")
    self.cohort = cohort
    self.heldOut = heldOut
    self.standardiser = standardiser
    let split = PatientSplit(of: cohort, testShare: testShare, heldOut: heldOut, random: random)
    self.split = split
    open = cohort.owners.map { PatientGroups(of: $0, at: split.open) }
    guard cohort.owners == nil || cohort.patients > 1 else { throw tooSmall }
    try require(open: 1, kept: 1, after: 1, for: "an episode of 1 patient and 1 more to judge by")
  }

  private init(_ clinic: Clinic, standardiser: Standardiser?) {
    cohort = clinic.cohort
    split = clinic.split
    open = clinic.open
    heldOut = clinic.heldOut
    self.standardiser = standardiser
  }

  /// The same patients in the same split, on another scale.
  public func standardised(by standardiser: Standardiser?) -> Clinic {
    Clinic(self, standardiser: standardiser)
  }

  /// The sums of features, in their own units, over ``trainingInputs``, all that standardisation is computed from; codes
  /// of categories are no amounts, and counted of nobody.
  public var trainingSums: FeatureSums { FeatureSums(of: trainingInputs, codes: cohort.codes) }

  /// The features, in their own units, of the patients that standardisation may be computed from.
  ///
  /// The training part; at a held-out hospital whose data set names no split, all patients, since
  /// any of them may be adapted on. A copy: ask once.
  public var trainingInputs: Matrix { cohort.inputs.rows(at: split.open) }

  /// All patients that may be trained on, with their outcomes, on the clinic's scale.
  ///
  /// A copy: ask once.
  public var trainingExamples: Examples { examples(at: split.open) }

  /// The number of patients whom ``trainingInputs`` are of.
  public var trainingPatients: Int { open?.count ?? split.openCount }

  /// The number of these of whom each feature is known, where patients have several records; else that is
  /// what ``trainingSums`` say.
  public var trainingPatientsKnown: [Int]? {
    open.map { open in
      cohort.features.indices.map { column in
        open.rows.count { $0.contains { !cohort.inputs[$0, column].isNaN } }
      }
    }
  }

  /// The bytes that the patients take in memory, about; their identifiers left aside.
  ///
  /// Clinics of the same cohort share most of them.
  public var bytes: Int {
    // A number a feature; outcome, true risk, number, mark and place in the split; and the names. Of
    // records the times and what stays, and the truth of every dose.
    let records = (cohort.times == nil ? 0 : 20) + (cohort.owners == nil ? 0 : 16)
    let doses = 4 * (cohort.choice?.doses.count ?? 0)
    return 1_024 + cohort.outcomes.count * (4 * cohort.features.count + 32 + records + doses)
  }
}

// MARK: Episodes

extension Clinic: EpisodeSource {
  /// The number of patients of the hospital.
  public var patients: Int? { cohort.patients }

  /// An episode of exactly these sizes, support and query both from the training part and of different
  /// patients; where patients are ordered, the support set came first.
  ///
  /// - Throws: ``CohortError`` at a held-out hospital, or where the training part is too small.
  public func trainingEpisode(
    support: Int, query: Int, using random: inout RandomStream
  ) throws(CohortError) -> Episode {
    guard !heldOut else { throw heldOutError }
    try require(
      open: support + query, kept: 0, after: 0,
      for: "\(support) support and \(query) query \(noun)")
    if let open {
      return try episode(of: open.divided(support: support, query: query, using: &random))
    }
    if let times = cohort.times {
      return try episode(
        of: TimeWindow.drawn(
          support: support, query: query, from: split.open, at: times, using: &random))
    }
    var drawn = pick(support + query, using: &random)
    if cohort.isOrdered { drawn.sort() }
    return episode(support: drawn.prefix(support), query: drawn.dropFirst(support))
  }

  /// An episode of `shots` patients to adapt on, and all who are kept for judging.
  ///
  /// - Throws: ``CohortError`` where there are too few to adapt on or none to be judged by.
  public func judgingEpisode(
    shots: Int, using random: inout RandomStream
  ) throws(CohortError) -> Episode {
    try require(open: shots, kept: 1, after: shots, for: "\(shots) shots and 1 more to judge by")
    if let open { return try episode(shots, of: open, using: &random) }
    switch split {
    case .fixed(_, let kept):
      let drawn =
        cohort.times == nil ? pick(shots, using: &random) : Array(split.open.prefix(shots))
      return episode(support: drawn, query: kept)
    case .perEpisode(let patients, _):
      let order = random.sample(shots, of: patients)
      let adaptedOn = Set(order)
      let rest = (0..<patients).filter { !adaptedOn.contains($0) }
      return episode(support: order, query: rest)
    }
  }
}

extension Clinic: BatchedSource {
  /// The number of patients that are not kept for judging.
  public var trainable: Int? { trainingPatients }

  /// Batches from the training part; of records, whosever they are.
  ///
  /// - Throws: ``CohortError`` at a held-out hospital.
  public func miniBatches(
    of size: Int, using random: RandomStream
  ) throws(CohortError) -> MiniBatches {
    guard !heldOut else { throw heldOutError }
    let open = split.open
    return MiniBatches(of: size, from: open.count, using: random) { rows, _ in
      examples(at: rows.map { open[$0] })
    }
  }
}

extension Clinic {
  /// `count` different rows of those that may be adapted on.
  private func pick(_ count: Int, using random: inout RandomStream) -> [Int] {
    let open = split.open
    return random.sample(count, of: open.count).map { open[$0] }
  }

  /// The episode of a window; an error where the records leave room for none.
  private func episode(of window: TimeWindow?) throws(CohortError) -> Episode {
    guard let window else {
      throw CohortError(
        "hospital \(hospital)", found: "too few records that follow each other in time",
        accepted: "records made once the outcomes of the support set are known",
        advice: "ask for smaller support and query sets, or leave the patient out")
    }
    return episode(support: window.support, query: window.query)
  }

  /// The episode of two sets of different patients; an error where their records leave room for none.
  private func episode(of sets: PatientGroups.Sets?) throws(CohortError) -> Episode {
    guard let sets else {
      throw CohortError(
        "hospital \(hospital)", found: "too few patients with records for both sets",
        accepted: "patients for the support set and others for the query set",
        advice: "ask for smaller support and query sets or fewer shots, or leave the hospital out")
    }
    return episode(support: sets.support, query: sets.query)
  }

  private func episode(
    _ shots: Int, of open: PatientGroups, using random: inout RandomStream
  ) throws(CohortError) -> Episode {
    switch split {
    case .fixed(_, let kept):
      return episode(support: open.drawn(shots, using: &random), query: kept)
    case .perEpisode(_, let share):
      return try episode(of: open.judged(shots: shots, keeping: share, using: &random))
    }
  }

  private func episode(
    support: some Collection<Int>, query: some Collection<Int>
  ) -> Episode {
    Episode(
      support: examples(at: support), query: examples(at: query),
      outcomeUnit: cohort.outcomeScale.unit)
  }

  private func examples(at rows: some Collection<Int>) -> Examples {
    let inputs =
      standardiser?.applied(to: cohort.inputs, rows: rows) ?? cohort.inputs.rows(at: rows)
    let scale = cohort.outcomeScale
    var examples = Examples(
      inputs: inputs, outcomes: rows.map { scale.applied(to: cohort.outcomes[$0]) },
      trueRisks: cohort.trueRisks.map { risks in rows.map { scale.applied(to: risks[$0]) } },
      persistence: cohort.persistence.map { all in rows.map { scale.applied(to: all[$0]) } })
    examples.choice = cohort.choice?.keeping(Array(rows), on: standardiser)
    examples.owners = cohort.owners.map { owners in rows.map { owners[$0] } }
    return examples
  }
}

// MARK: Errors

extension Clinic {
  private var heldOutError: CohortError {
    CohortError(
      "hospital \(hospital)", found: "a training episode asked of a held-out hospital",
      accepted: "judging episodes only",
      advice: "leave the hospital out of the rounds, or take it out of cohorts.held-out")
  }

  /// A hospital of one patient, or of none, however many records there are.
  private var tooSmall: CohortError {
    CohortError(
      "hospital \(hospital)", found: "too few patients",
      accepted: "two or more, one to adapt on and one to be judged by, each with all records",
      advice: "bring the hospital more patients by cohorts.partition, or leave it out")
  }

  private func require(
    open: Int, kept: Int, after shots: Int, for purpose: String
  ) throws(CohortError) {
    guard split.openCount >= open, split.keptCount(after: shots) >= kept else {
      throw CohortError(
        "hospital \(hospital)", found: "too few patients",
        accepted: need(open: open, kept: kept, for: purpose),
        advice: "ask for smaller support and query sets or fewer shots, or leave the hospital out")
    }
  }

  private func need(open: Int, kept: Int, for purpose: String) -> String {
    switch split {
    case .fixed where kept == 0 && self.open != nil:
      "\(open) or more records of patients who are not kept for judging (\(purpose))"
    case .fixed where kept == 0:
      "\(open) or more patients who are not kept for judging (\(purpose))"
    case .fixed:
      "\(open) or more \(noun) to adapt on, and \(kept) or more kept for judging (\(purpose))"
    case .perEpisode: "\(open + kept) or more \(noun) (\(purpose))"
    }
  }

  /// What a set has some of.
  private var noun: String { open == nil ? "patients" : "records" }
}
