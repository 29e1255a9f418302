import Models
import Scenarios
import Transports

/// What a region gathers for one turn, until it answers its parent.
struct RegionWork {
  /// What the parent asked for.
  let turn: Turn
  /// What it sent along.
  let tensors: [Tensor]
  /// How long the parent waits.
  private var patience: Duration
  /// When the region answers without those that have not answered.
  private(set) var deadline: Instant
  /// When the region passes on the metrics that have come, so that its parent hears of it.
  private var reportDue: Instant
  /// The hospitals that the parent waits for: asked for, and not part of an answer yet.
  private(set) var owed: Set<String> = []
  /// Those of ``owed`` that were asked and are waited for.
  private(set) var awaited: Set<String> = []
  /// Those that the parent was told not to wait for, and whose answers it still takes.
  private var late: Set<String> = []
  /// Those of ``owed`` whose contributions were folded in.
  private(set) var counted: [String] = []
  /// Those of ``owed`` that have declined.
  private(set) var declined: [CombinedAnswer.Declined] = []
  /// Whose answers, of either kind, wait to be part of the region's.
  private var answered: Set<String> = []
  private var episodes = 0
  private var features: FeatureGathering
  private var updates: UpdateGathering
  private var metrics: MetricGathering

  init(
    _ turn: Turn, tensors: [Tensor], of experiment: Experiment, patience: Duration, at now: Instant
  ) {
    self.turn = turn
    self.tensors = tensors
    self.patience = patience
    deadline = now + patience * 0.9
    reportDue = now + patience / 4
    features = FeatureGathering(features: experiment.network.inputs)
    updates = UpdateGathering(experiment)
    metrics = MetricGathering(JudgementForm(of: experiment))
  }

  /// Whether the parent waits for anybody.
  var isOpen: Bool { !owed.isEmpty }
  /// Whether nobody is waited for.
  var isComplete: Bool { awaited.isEmpty }
  /// Whether an answer cannot hold more.
  var isFull: Bool {
    declined.count >= CombinedAnswer.mostDeclined
      || turn.phase == .evaluate && counted.count >= CombinedAnswer.mostJudged
  }
  /// When something is to be done though nothing has happened, while the parent waits for anybody.
  var nextInstant: Instant {
    turn.phase == .evaluate && !answered.isEmpty ? min(deadline, reportDue) : deadline
  }

  /// Whether the parent is to be told of what there is, though others are still waited for.
  ///
  /// Of an evaluation, which may take as long as answers come: metrics are not added up anyway.
  func isReportDue(at now: Instant) -> Bool {
    turn.phase == .evaluate && !answered.isEmpty && reportDue <= now
  }

  /// Whether an answer of this hospital would be counted.
  func wants(_ hospital: String) -> Bool {
    late.contains(hospital) || owed.contains(hospital) && !answered.contains(hospital)
  }
}

// MARK: What is asked and answered

extension RegionWork {
  /// Notes that the parent asks for these; gives those of them that have to be asked.
  mutating func owe(_ hospitals: [String]) -> [String] {
    hospitals.filter { hospital in
      late.remove(hospital)
      return owed.insert(hospital).inserted
    }
  }

  /// Notes how long the parent waits from now on.
  mutating func wait(_ patience: Duration, from now: Instant) {
    self.patience = patience
    // A tenth less, so that the region's answer comes in time.
    deadline = now + patience * 0.9
  }

  /// Notes that an answer has come: an evaluation takes as long as it takes, and the deadline is for
  /// silence.
  mutating func hear(at now: Instant) {
    if turn.phase == .evaluate { wait(patience, from: now) }
  }

  /// Notes that a hospital was asked.
  mutating func await(_ hospital: String) {
    awaited.insert(hospital)
  }

  /// Notes that a hospital will not answer for now.
  mutating func giveUp(on hospital: String) {
    awaited.remove(hospital)
  }

  /// Folds in what one hospital contributes.
  mutating func count(_ tensors: [Tensor], episodes: Int, of hospital: String) {
    do throws(UnfitAnswer) {
      switch turn.phase {
      case .describe: try features.fold(tensors)
      case .learn: try updates.fold(tensors, episodes: episodes)
      case .evaluate: try metrics.fold(tensors, of: hospital)
      }
      note([hospital], episodes: episodes)
    } catch {
      decline(hospital, reason: error.description, diverged: error.isDivergence)
    }
  }

  /// Folds in what a region below has gathered.
  mutating func count(_ answer: CombinedAnswer) {
    for declined in answer.declined {
      decline(declined.hospital, reason: declined.reason, diverged: declined.diverged)
    }
    guard !answer.hospitals.isEmpty else { return }
    let (tensors, hospitals) = (answer.tensors, answer.hospitals)
    do throws(UnfitAnswer) {
      switch turn.phase {
      case .describe: try features.fold(combined: tensors, hospitals: hospitals.count)
      case .learn:
        try updates.fold(combined: tensors, episodes: answer.episodes, hospitals: hospitals.count)
      case .evaluate: try metrics.fold(combined: tensors, of: hospitals)
      }
      note(hospitals, episodes: answer.episodes)
    } catch {
      for hospital in hospitals {
        decline(hospital, reason: error.description, diverged: error.isDivergence)
      }
    }
  }

  private mutating func note(_ hospitals: [String], episodes count: Int) {
    for hospital in hospitals { settle(hospital) }
    counted += hospitals
    episodes += count
  }

  mutating func decline(_ hospital: String, reason: String, diverged: Bool = false) {
    settle(hospital)
    declined.append(.init(hospital: hospital, reason: reason, diverged: diverged))
  }

  private mutating func settle(_ hospital: String) {
    late.remove(hospital)
    owed.insert(hospital)
    answered.insert(hospital)
    awaited.remove(hospital)
  }
}

// MARK: The answer

extension RegionWork {
  /// The answer with all that was gathered, or `nil` where that is nothing; begins anew.
  ///
  /// Once nobody is waited for, it tells who is missing.
  mutating func takeAnswer(at now: Instant) -> CombinedAnswer? {
    reportDue = now + patience / 4
    let missing = isComplete ? owed.subtracting(answered) : []
    guard !answered.isEmpty || !missing.isEmpty else { return nil }
    let answer = CombinedAnswer(
      turn: turn, hospitals: counted, declined: declined, missing: missing.sorted(),
      episodes: episodes, tensors: counted.isEmpty ? [] : combined)
    owed.subtract(answered.union(missing))
    late.formUnion(missing)
    begin()
    return answer
  }

  private var combined: [Tensor] {
    switch turn.phase {
    case .describe: features.combined
    case .learn: updates.combined
    case .evaluate: metrics.combined(counted)
    }
  }

  private mutating func begin() {
    counted = []
    declined = []
    answered = []
    episodes = 0
    features = FeatureGathering(features: features.features)
    updates.reset()
    metrics = MetricGathering(metrics.form)
  }
}
