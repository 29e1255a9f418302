import Scenarios
import Transports

// What happens to hospitals by the scenario: the coordinator says when, somebody else does it.

/// A cue that has been given, and what the round still waits for.
struct OpenCue {
  let cue: Cue
  /// Whether it has been acted out.
  var isActed = false
  /// The hospitals that are still to be heard of.
  var silent: Set<String>
  /// The hospitals whose farewell has not come yet.
  var staying: Set<String>

  init(_ cue: Cue) {
    self.cue = cue
    silent = cue.returning
    staying = cue.leaving
  }

  var isOver: Bool { isActed && silent.isEmpty && staying.isEmpty }
}

extension Coordinator {
  /// Gives the cue of the round that is about to begin; false where it has none.
  ///
  /// The round waits until it has been acted out and those who return by it have been heard of, for
  /// as long as an assembly at most.
  mutating func giveCue(at now: Instant) -> Bool {
    guard let cue = experiment.timeline.cue(before: round) else { return false }
    openCue = OpenCue(cue)
    // Of who is not here, as after a restart, no farewell will be heard.
    openCue?.staying = cue.leaving.filter { roster.peer(of: $0) != nil }
    patience = now + .seconds(experiment.scenario.federation.assembly)
    effects.append(.cue(cue))
    return true
  }

  /// Takes in that the cue of this number has been acted out, or that nobody does that.
  mutating func noteCued(_ number: Int, acted: Bool, at now: Instant) {
    let cue = experiment.timeline.cues[number]
    report(.staged(cue.sentence + (acted ? "" : ": nobody acts it out")))
    if acted { noteGoneFromRegions(cue.leaving) }
    guard openCue?.cue.number == number else { return }
    if !acted {
      openCue?.silent = []
      openCue?.staying = []
    }
    openCue?.isActed = true
    beginRoundIfCued(at: now)
  }

  /// Takes in that messages of these hospitals come through.
  mutating func noteHeard(_ hospitals: [String], at now: Instant) {
    guard openCue != nil else { return }
    openCue?.silent.subtract(hospitals)
    beginRoundIfCued(at: now)
  }

  /// Takes in that these hospitals have said farewell.
  mutating func noteGone(_ hospitals: [String], at now: Instant) {
    guard openCue != nil else { return }
    openCue?.staying.subtract(hospitals)
    openCue?.silent.subtract(hospitals)
    beginRoundIfCued(at: now)
  }

  /// A node below a region says farewell to that, and nobody else hears it: whoever acted it out is believed.
  private mutating func noteGoneFromRegions(_ leaving: Set<String>) {
    guard !leaving.isEmpty else { return }
    let inRegions = Set(experiment.scenario.regions.flatMap(\.allHospitals))
    for hospital in leaving.intersection(inRegions).sorted() where roster.leaveRegion(hospital) {
      report(.presence(Presence(hospital: hospital, change: .left, round: round)))
      openCue?.staying.remove(hospital)
    }
  }

  private mutating func beginRoundIfCued(at now: Instant) {
    guard openCue?.isOver == true else { return }
    openCue = nil
    beginRound(at: now)
  }

  /// The deadline has passed: of a moment in the timeline, of a cue, or of a question.
  mutating func passDeadline(at now: Instant) {
    giveTimedCues(at: now)
    guard let patience, patience <= now else { return }
    guard let open = openCue else { return giveUpWaiting(at: now) }
    let silent = (open.silent.union(open.staying)).sorted()
    let reason =
      open.isActed ? "nothing was heard of \(listing(silent))" : "nobody said that it was acted out"
    report(.staged("\(open.cue.sentence): \(reason); the round begins all the same"))
    openCue = nil
    beginRound(at: now)
  }

  private mutating func giveTimedCues(at now: Instant) {
    while let due = nextTimedCue, due <= now {
      effects.append(.cue(experiment.timeline.timed[timedCues.count]))
      timedCues.append(round)
    }
  }

  /// When the next cue that goes by time is due.
  var nextTimedCue: Instant? {
    guard let opened, ending == nil, timedCues.count < experiment.timeline.timed.count,
      case .time(let seconds) = experiment.timeline.timed[timedCues.count].moment
    else { return nil }
    return opened + max(.zero, .seconds(seconds) - earlier)
  }

  /// Whether all have come that are there by the timeline.
  var isAssembled: Bool {
    let hospitals = experiment.scenario.cohorts.hospitals
    guard !absent.isEmpty else { return roster.presentCount == hospitals.count }
    return hospitals.allSatisfy { absent.contains($0) || roster.peer(of: $0) != nil }
  }
}
