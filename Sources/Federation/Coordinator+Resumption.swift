import MetaLearning
import Scenarios
import Transports

// A run that goes on from where another coordinator left it.
//
// What is committed is committed with the checkpoint that comes before it, in one: `commit` is the
// only place where a run moves from one state to go on from to the next. What is reported without
// one, a round that lacked its quorum, the evaluation at the end and the end itself, is made again
// by a coordinator that goes on: it was not the last word.

extension Coordinator {
  /// A coordinator of `experiment` that goes on with a run from `checkpoint`, once it is opened.
  ///
  /// It waits for the hospitals as at the beginning of a run, and longer by the deadline of a round:
  /// a node may be at work on an answer, and says hello only after it. Then it asks for the round,
  /// or the evaluation, that comes next.
  ///
  /// - Precondition: the checkpoint is of a run of this experiment.
  public init(_ experiment: Experiment, resuming checkpoint: Checkpoint) {
    precondition(
      checkpoint.scenario == experiment.digest,
      "a checkpoint of another scenario does not fit \(experiment.scenario.name)")
    self.init(experiment, run: checkpoint.run)
    isResumed = true
    hasBegun = checkpoint.round != nil
    round = checkpoint.round ?? 0
    closedRounds = round
    isEvaluated = checkpoint.isEvaluated
    parameters = checkpoint.parameters
    update.optimiser = checkpoint.optimiser
    standardiser = checkpoint.standardiser
    noise = Noise(count: checkpoint.ignored)
    census.restore(checkpoint.patients)
    timedCues = checkpoint.position.timed
    onsets = checkpoint.onsets.filter { $0 > 0 }
    earlier = checkpoint.elapsed
    counts.restore(checkpoint.lastCounted)
  }

  /// Reports what is never taken back, and before it the state to go on from after it.
  mutating func commit(_ event: RunEvent) {
    let begun = if case .roundClosed = event { noteOnsets() } else { [String]() }
    report(
      .checkpoint(
        Checkpoint(
          run: run, scenario: experiment.digest, round: hasBegun ? closedRounds : nil,
          isEvaluated: isEvaluated, parameters: parameters, optimiser: update.optimiser,
          standardiser: standardiser, ignored: noise.count, patients: census.numbers,
          lastCounted: counts.numbers, elapsed: elapsed, timedCues: timedCueRecord,
          onsets: onsetRecord)))
    report(event)
    for sentence in begun { report(.staged(sentence)) }
  }

  /// How long the run has gone on, where an act of the timeline or who is there asks for it.
  var elapsed: Duration {
    let isAsked = experiment.timeline.goesByTime || experiment.scenario.time != nil
    guard let opened, isAsked else { return .zero }
    return earlier + (now - opened)
  }

  /// The rounds in which cues that go by time were given, and -1 for each that was not yet.
  private var timedCueRecord: [Int] {
    let left = experiment.timeline.timed.count - timedCues.count
    return timedCues + Array(repeating: -1, count: left)
  }

  /// The rounds from which acts by time hold, and 0 for each whose time has not come.
  private var onsetRecord: [Int] {
    onsets + Array(repeating: 0, count: experiment.timeline.ownActs.timed.count - onsets.count)
  }
}
