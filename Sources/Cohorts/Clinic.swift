public import Tensors

/// The patients of one hospital as a source of episodes.
///
/// | | training hospital | held-out hospital |
/// |---|---|---|
/// | training episode | support and query from the training part | never |
/// | judging episode | shots from the training part, judged by all kept patients | the same where the data set names a split; else shots from all, judged by all the rest |
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
    split = PatientSplit(of: cohort, testShare: testShare, heldOut: heldOut, random: random)
    try require(open: 1, kept: 1, after: 1, for: "an episode of 1 patient and 1 more to judge by")
  }

  private init(_ clinic: Clinic, standardiser: Standardiser?) {
    cohort = clinic.cohort
    split = clinic.split
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

  /// The number of rows of ``trainingInputs``.
  public var trainingPatients: Int { split.openCount }

  /// The bytes that the patients take in memory, about; their identifiers left aside.
  ///
  /// Clinics of the same cohort share most of them.
  public var bytes: Int {
    // A number a feature; outcome, true risk, number, mark and place in the split; and the names. Of
    // records the times and what stays, and the truth of every dose.
    let records = cohort.times == nil ? 0 : 20
    let doses = 4 * (cohort.choice?.doses.count ?? 0)
    return 1_024 + cohort.outcomes.count * (4 * cohort.features.count + 32 + records + doses)
  }
}

// MARK: Episodes

extension Clinic: EpisodeSource {
  /// The number of patients of the hospital.
  public var patients: Int? { cohort.outcomes.count }

  /// An episode of exactly these sizes, support and query both from the training part; where
  /// patients are ordered, the support set came first.
  ///
  /// - Throws: ``CohortError`` at a held-out hospital, or where the training part is too small.
  public func trainingEpisode(
    support: Int, query: Int, using random: inout RandomStream
  ) throws(CohortError) -> Episode {
    guard !heldOut else { throw heldOutError }
    try require(
      open: support + query, kept: 0, after: 0,
      for: "\(support) support and \(query) query patients")
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
    switch split {
    case .fixed(_, let kept):
      let drawn =
        cohort.times == nil ? pick(shots, using: &random) : Array(split.open.prefix(shots))
      return episode(support: drawn, query: kept)
    case .perEpisode(let patients):
      let order = random.sample(shots, of: patients)
      let adaptedOn = Set(order)
      let rest = (0..<patients).filter { !adaptedOn.contains($0) }
      return episode(support: order, query: rest)
    }
  }
}

extension Clinic: BatchedSource {
  /// The number of patients that are not kept for judging.
  public var trainable: Int? { split.openCount }

  /// Batches from the training part.
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
    case .fixed where kept == 0:
      "\(open) or more patients who are not kept for judging (\(purpose))"
    case .fixed:
      "\(open) or more patients to adapt on, and \(kept) or more kept for judging (\(purpose))"
    case .perEpisode: "\(open + kept) or more patients (\(purpose))"
    }
  }
}
