public import Cohorts
import MetaLearning
public import Models
import Scenarios

extension Coordinator {
  /// Where a run stands between two rounds: all that a coordinator needs to go on from there.
  ///
  /// Who is here is no part of it: a node says hello to a coordinator that was started again, as it
  /// did to the first. Nor is a question that is open: it is put again, and because the identity of
  /// the run stays, answers to it that are still on their way count.
  public struct Checkpoint: Equatable, Sendable {
    /// The identity of the run, 16 bytes.
    public var run: [UInt8]
    /// The 32 bytes of the digest of the scenario.
    public var scenario: [UInt8]
    /// The last round that is closed, 0 being the one before learning; `nil` before that.
    public var round: Int?
    /// Whether the evaluation that is due after the round has been made.
    public var isEvaluated: Bool
    /// The meta-parameters.
    public var parameters: [Float]
    /// The optimiser with its moments.
    public var optimiser: Optimiser
    /// The scale of the features, where the hospitals share one.
    public var standardiser: Standardiser?
    /// The messages ignored until now.
    public var ignored: Int
    /// How many patients each training hospital has said that it has, in the scenario's order and -1
    /// before it has; none where the scenario does not invite by them.
    public var patients: [Int] = []
    /// The round in which each training hospital was counted last, in the scenario's order and 0
    /// before any; none where hospitals remember nothing.
    public var lastCounted: [Int] = []
    /// How long the run has gone on, in all its lives; zero where no act of the timeline goes by time.
    public var elapsed = Duration.zero
    /// For each cue of the timeline that goes by time the round in which it was given, -1 before it is.
    public var timedCues: [Int] = []
    /// For each act that hospitals do and that goes by time the round from which it holds, 0 before its
    /// time has come.
    public var onsets: [Int] = []

    /// How far the run has come in its timeline.
    public var position: Timeline.Position {
      Timeline.Position(round: round ?? 0, timed: timedCues.filter { $0 >= 0 })
    }
  }
}

// MARK: Bytes

extension Coordinator.Checkpoint {
  /// Why bytes are no checkpoint of an experiment.
  public enum Unfit: Error, Equatable {
    /// They are of a run of another scenario.
    case anotherScenario
    /// They are no checkpoint at all, or not a whole one.
    case malformed
  }

  /// Adds the checkpoint to `bytes`; about as fast as memory is copied.
  public func write(into bytes: inout [UInt8]) {
    bytes.add(numbers: run)
    bytes.add(numbers: scenario)
    for word in [round ?? -1, isEvaluated ? 1 : 0, ignored, optimiser.steps] { bytes.add(word) }
    bytes.add(standardiser == nil ? 0 : 1)
    bytes.add(numbers: parameters)
    bytes.add(numbers: optimiser.firstMoment)
    bytes.add(numbers: optimiser.secondMoment)
    bytes.add(numbers: standardiser?.means ?? [])
    bytes.add(numbers: standardiser?.scales ?? [])
    bytes.add(numbers: patients)
    bytes.add(numbers: lastCounted)
    guard !timedCues.isEmpty || !onsets.isEmpty else { return }
    bytes.add(Int((elapsed / .nanoseconds(1)).rounded()))
    bytes.add(numbers: timedCues)
    bytes.add(numbers: onsets)
  }

  /// The checkpoint that ``write(into:)`` made `bytes` of, in a run of `experiment`.
  ///
  /// - Throws: ``Unfit``, whatever the bytes are.
  public init(_ bytes: ArraySlice<UInt8>, of experiment: Experiment) throws(Unfit) {
    var reader = StateReader(bytes)
    do {
      let run = try reader.numbers(16, zero: UInt8(0))
      guard try reader.numbers(32, zero: 0) == experiment.digest else {
        throw Unfit.anotherScenario
      }
      try self.init(&reader, run: run, of: experiment)
    } catch let unfit as Unfit { throw unfit } catch { throw .malformed }
  }

  private init(
    _ reader: inout StateReader, run: [UInt8], of experiment: Experiment
  ) throws(StateReader.Malformed) {
    self.run = run
    scenario = experiment.digest
    let round = try reader.word(in: -1...experiment.scenario.federation.rounds)
    self.round = round < 0 ? nil : round
    isEvaluated = try reader.word(in: 0...1) == 1
    ignored = try reader.word(in: 0 ... .max)
    let steps = try reader.word(in: 0 ... .max)
    let isStandardised = try reader.word(in: 0...1) == 1
    parameters = try reader.numbers(experiment.layout.parameters, zero: 0)
    let fresh = experiment.freshUpdate().optimiser
    optimiser = Optimiser(
      fresh.rule, steps: steps,
      firstMoment: try reader.numbers(fresh.firstMoment.count, zero: 0),
      secondMoment: try reader.numbers(fresh.secondMoment.count, zero: 0))
    standardiser = isStandardised ? try Standardiser(&reader, experiment.network.inputs) : nil
    let asked = experiment.invitesByPatients ? experiment.training.count : 0
    patients = try reader.numbers(asked, zero: 0)
    let remembering = LastCounts(of: experiment).numbers.count
    lastCounted = try reader.numbers(remembering, zero: 0)
    guard patients.allSatisfy({ $0 >= -1 && $0 <= PatientCensus.mostPatients }),
      lastCounted.allSatisfy({ $0 >= 0 && $0 <= max(round, 0) })
    else { throw .init() }
    try readTimes(&reader, of: experiment)
    guard reader.isAtEnd else { throw .init() }
  }

  private mutating func readTimes(
    _ reader: inout StateReader, of experiment: Experiment
  ) throws(StateReader.Malformed) {
    let timeline = experiment.timeline
    guard timeline.goesByTime else { return }
    elapsed = .nanoseconds(try reader.word(in: 0 ... .max))
    timedCues = try reader.numbers(timeline.timed.count, zero: 0)
    onsets = try reader.numbers(timeline.ownActs.timed.count, zero: 0)
    let rounds = experiment.scenario.federation.rounds
    guard timedCues.areRounds(from: 0, to: rounds, before: -1),
      onsets.areRounds(from: 1, to: rounds, before: 0)
    else { throw .init() }
  }
}

extension [Int] {
  /// Whether these are rounds, ascending, and after them nothing but what stands for those to come.
  fileprivate func areRounds(from first: Int, to last: Int, before sign: Int) -> Bool {
    let given = prefix { $0 != sign }
    return dropFirst(given.count).allSatisfy { $0 == sign }
      && given.allSatisfy { $0 >= first && $0 <= last }
      && zip(given, given.dropFirst()).allSatisfy { $0 <= $1 }
  }
}

extension Standardiser {
  fileprivate init(_ reader: inout StateReader, _ features: Int) throws(StateReader.Malformed) {
    let means: [Double] = try reader.numbers(features, zero: 0)
    let scales: [Double] = try reader.numbers(features, zero: 0)
    guard !scales.contains(0) else { throw .init() }
    self.init(means: means, scales: scales)
  }
}
