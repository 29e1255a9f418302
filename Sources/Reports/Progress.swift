public import Federation

/// Shows a person how a run goes: rounds, who answered, losses, time left, who came and went.
public final class Progress: RunObserver {
  /// Announcements after which comings and goings are left to `events.log`.
  public static let announcementLimit = 40
  /// The least time between two drawings of the live line.
  public static let redrawInterval = Duration.milliseconds(50)

  private let style: ProgressStyle
  private let width: () -> Int
  private let clock: () -> Duration
  private let write: (String) -> Void
  private var run: RunStart?
  /// How many hospitals have joined.
  private var present = 0
  private var firstRound: (round: Int, at: Duration)?
  private var lastDrawn: Duration?
  private var live = ""
  private var announcements = 0

  /// Writes to standard error.
  public convenience init(style: ProgressStyle = .fitting(.error)) {
    let start = ContinuousClock.now
    self.init(
      style: style, width: { StandardStream.error.width },
      clock: { ContinuousClock.now - start }, write: StandardStream.error.write)
  }

  /// Writes with `write`, by a clock that gives the time since any fixed moment.
  public init(
    style: ProgressStyle, width: @escaping () -> Int, clock: @escaping () -> Duration,
    write: @escaping (String) -> Void
  ) {
    self.style = style
    self.width = width
    self.clock = clock
    self.write = write
  }

  /// Shows what happened.
  public func observe(_ event: RunEvent) {
    guard style != .silent else { return }
    switch event {
    case .started(let start): begin(start)
    case .resumed(let start, let round):
      begin(start)
      line("goes on after \(counted(round, "round"))")
    case .checkpoint: break
    case .presence(let presence): show(presence)
    case .ignored(let what): announce("ignored: \(what)")
    case .staged(let what): announce("timeline: \(what)")
    case .roundClosed(let round) where round.round == 0: showMeasuring(round)
    case .roundClosed(let round): show(round)
    case .evaluated(let evaluation): show(evaluation)
    case .ended(let ending): end(ending)
    }
  }
}

// MARK: Before the first round

extension Progress {
  private func begin(_ start: RunStart) {
    run = start
    // To a coordinator that was started again they come once more; that all were here was said.
    if present < hospitals(of: start) { present = 0 }
    let held = start.heldOut.isEmpty ? "none is held out" : "\(start.heldOut.count) held out"
    let training = counted(start.training.count, "hospital")
    let verb = start.training.count == 1 ? "trains" : "train"
    line(
      "\(start.scenario): \(training) \(verb), \(held), \(counted(start.rounds, "round")),"
        + " seed \(start.seed)")
  }

  private func hospitals(of run: RunStart) -> Int { run.training.count + run.heldOut.count }

  private func show(_ presence: Presence) {
    switch presence.change {
    case .joined: assemble()
    case .lost, .returned, .left: announce(presence.sentence)
    }
  }

  /// One more hospital has joined, which each does once while a coordinator lives.
  private func assemble() {
    guard let run, present < hospitals(of: run) else { return }
    present += 1
    let expected = hospitals(of: run)
    let verb = present == 1 ? "is" : "are"
    let text = "\(present) of \(counted(expected, "hospital")) \(verb) here"
    if present == expected { line(text) } else { draw(text, at: clock()) }
  }
}

// MARK: Rounds

extension Progress {
  /// Round 0 teaches nothing: it gathers what standardisation needs.
  private func showMeasuring(_ round: RoundRecord) {
    let asked = round.answered.count + round.missing.count + round.declined.count
    let verb = round.answered.count == 1 ? "has" : "have"
    line(
      "\(round.answered.count) of \(counted(asked, "hospital")) \(verb) described their features")
  }

  private func show(_ round: RoundRecord) {
    let now = clock()
    let first = firstRound ?? (round.round, now)
    firstRound = first
    if !round.updated {
      let asked = round.answered.count + round.missing.count + round.declined.count
      announce(
        "round \(round.round): \(round.answered.count) of \(asked) answered; nothing updated")
    }
    let status = RoundStatus(
      round: round, rounds: run?.rounds ?? round.round,
      timeLeft: timeLeft(after: round.round, since: first, now: now))
    if case .live(let colour) = style {
      draw(status.line(width: width() - 1, colour: colour), at: now)
    } else if status.isMilestone {
      line(status.plain)
    }
  }

  /// What the rounds to come will take if they take as long as those since the first.
  private func timeLeft(
    after round: Int, since first: (round: Int, at: Duration), now: Duration
  ) -> Duration? {
    guard let run, round > first.round else { return nil }
    return (now - first.at) / (round - first.round) * (run.rounds - round)
  }

  private func show(_ evaluation: Evaluation) {
    let judged = evaluation.hospitals.count { !$0.results.isEmpty }
    line("evaluated after round \(evaluation.round): \(counted(judged, "hospital")) judged")
  }

  private func end(_ ending: Ending) {
    live = ""
    // Why a run did not finish is said at its very end, in every form of output.
    if ending.outcome == .finished { line(ending.reason) } else if isLive { write(Self.clearLine) }
  }
}

// MARK: Drawing

extension Progress {
  private static let clearLine = "\r\u{1B}[K"

  private var isLive: Bool { style != .plain && style != .silent }

  /// Replaces the live line, unless it has only just been drawn.
  private func draw(_ text: String, at now: Duration) {
    guard isLive else { return }
    live = text
    if let lastDrawn, now - lastDrawn < Self.redrawInterval { return }
    lastDrawn = now
    write(Self.clearLine + text)
  }

  /// Writes a line that stays, above the live one.
  private func line(_ text: String) {
    write(isLive ? Self.clearLine + text + "\n" + live : text + "\n")
  }

  private func announce(_ text: String) {
    announcements += 1
    if announcements < Self.announcementLimit { line(text) }
    if announcements == Self.announcementLimit { line("more comings and goings are in events.log") }
  }
}
