import Tensors

/// Which patients of a hospital may be adapted on, and which are kept for judging, by their rows.
enum PatientSplit: Equatable, Sendable {
  /// Two groups that are never mixed.
  case fixed(open: [Int], kept: [Int])
  /// Everyone may be adapted on; who is not, is judged by. Only where nothing is ever trained.
  case perEpisode(patients: Int)

  /// The split of a cohort: the one that its data set names; else, of records of one patient, the
  /// last share of them; else, for a hospital that trains, a share of its patients drawn at random;
  /// else one anew for every episode.
  init(of cohort: Cohort, testShare: Double, heldOut: Bool, random: RandomStream) {
    let patients = cohort.outcomes.count
    let cohort = Self.inTime(cohort, testShare: testShare)
    if let kept = cohort.keptForJudging {
      precondition(
        kept.count == patients, "a split of \(kept.count) does not fit \(patients) patients")
      self = .fixed(open: Self.open(of: cohort, kept), kept: kept.indices.filter { kept[$0] })
    } else if heldOut {
      self = .perEpisode(patients: patients)
    } else {
      self = Self.drawn(testShare, of: patients, random: random)
    }
  }

  /// The cohort with the split that its hospital would have, decided for good: later selections
  /// move nobody from one part to the other.
  static func decided(
    for cohort: Cohort, testShare: Double, heldOut: Bool, random: RandomStream
  ) -> Cohort {
    let cohort = inTime(cohort, testShare: testShare)
    guard cohort.keptForJudging == nil, !heldOut,
      case .fixed(_, let kept) = drawn(testShare, of: cohort.outcomes.count, random: random)
    else { return cohort }
    var decided = cohort
    var marks = Array(repeating: false, count: cohort.outcomes.count)
    for row in kept { marks[row] = true }
    decided.keptForJudging = marks
    return decided
  }

  /// Records of one patient with the last of them kept for judging; other cohorts as they are.
  private static func inTime(_ cohort: Cohort, testShare: Double) -> Cohort {
    guard cohort.times != nil, cohort.keptForJudging == nil else { return cohort }
    return TemporalSplit(testShare: testShare).applied(
      to: cohort, strength: 1, random: RandomStream(seed: 0))
  }

  /// Who is not kept; of records, those whose outcome was known when the first kept one was made.
  private static func open(of cohort: Cohort, _ kept: [Bool]) -> [Int] {
    let open = kept.indices.filter { !kept[$0] }
    guard let times = cohort.times, let first = kept.firstIndex(of: true) else { return open }
    return open.filter { times[$0].precedes(times[first]) }
  }

  /// Rounds the share to whole patients, but leaves one or more on either side where there are two.
  private static func drawn(_ share: Double, of patients: Int, random: RandomStream) -> Self {
    var random = random
    let order = random.sample(patients, of: patients)
    let rounded = Int((share * Double(patients)).rounded())
    let kept = max(min(rounded, patients - 1), min(1, patients))
    return .fixed(open: order.dropFirst(kept).sorted(), kept: order.prefix(kept).sorted())
  }

  /// The rows that may be adapted on.
  var open: [Int] {
    switch self {
    case .fixed(let open, _): open
    case .perEpisode(let patients): Array(0..<patients)
    }
  }

  /// The number of rows that may be adapted on.
  var openCount: Int {
    switch self {
    case .fixed(let open, _): open.count
    case .perEpisode(let patients): patients
    }
  }

  /// The number of rows that are judged by, after `shots` have been adapted on.
  func keptCount(after shots: Int) -> Int {
    switch self {
    case .fixed(_, let kept): kept.count
    case .perEpisode(let patients): patients - shots
    }
  }
}
