import Tensors

/// Which patients of a hospital may be adapted on, and which are kept for judging, by their rows.
enum PatientSplit: Equatable, Sendable {
  /// Two groups that are never mixed.
  case fixed(open: [Int], kept: [Int])
  /// Everyone may be adapted on; who is not, is judged by. Only where nothing is ever trained. Where patients
  /// have several records, so many rows, and the share of patients that are left to be judged by.
  case perEpisode(patients: Int, share: Double)

  /// The split of a cohort: the one that its data set names; else, of records of one patient, the
  /// last share of them; else, for a hospital that trains, a share of its patients drawn at random, with
  /// all of their records; else one anew for every episode.
  init(of cohort: Cohort, testShare: Double, heldOut: Bool, random: RandomStream) {
    let patients = cohort.outcomes.count
    let cohort = Self.inTime(cohort, testShare: testShare)
    if let kept = cohort.keptForJudging {
      precondition(
        kept.count == patients, "a split of \(kept.count) does not fit \(patients) patients")
      self = .fixed(open: Self.open(of: cohort, kept), kept: kept.indices.filter { kept[$0] })
    } else if heldOut {
      self = .perEpisode(patients: patients, share: testShare)
    } else {
      self = Self.drawn(testShare, of: cohort.people, random: random)
    }
  }

  /// The cohort with the split that its hospital would have, decided for good: later selections
  /// move nobody from one part to the other.
  static func decided(
    for cohort: Cohort, testShare: Double, heldOut: Bool, random: RandomStream
  ) -> Cohort {
    let cohort = inTime(cohort, testShare: testShare)
    guard cohort.keptForJudging == nil, !heldOut,
      case .fixed(_, let kept) = drawn(testShare, of: cohort.people, random: random)
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
  private static func drawn(_ share: Double, of people: People, random: RandomStream) -> Self {
    var random = random
    let order = random.sample(people.count, of: people.count)
    let kept = kept(share, of: people.count)
    return .fixed(
      open: people.rows(of: order.dropFirst(kept)), kept: people.rows(of: order.prefix(kept)))
  }

  /// How many of some patients are kept for judging.
  static func kept(_ share: Double, of patients: Int) -> Int {
    let rounded = Int((share * Double(patients)).rounded())
    return max(min(rounded, patients - 1), min(1, patients))
  }

  /// The rows that may be adapted on.
  var open: [Int] {
    switch self {
    case .fixed(let open, _): open
    case .perEpisode(let patients, _): Array(0..<patients)
    }
  }

  /// The number of rows that may be adapted on.
  var openCount: Int {
    switch self {
    case .fixed(let open, _): open.count
    case .perEpisode(let patients, _): patients
    }
  }

  /// The number of rows that are judged by, after `shots` have been adapted on.
  func keptCount(after shots: Int) -> Int {
    switch self {
    case .fixed(_, let kept): kept.count
    case .perEpisode(let patients, _): patients - shots
    }
  }
}
