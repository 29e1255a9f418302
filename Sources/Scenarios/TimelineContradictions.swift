extension Contradictions {
  /// Reports acts that cannot happen: to nobody, after the last round, or out of order.
  func timeline() {
    guard findings.isSound("timeline", "faults", "cohorts.hospitals", "cohorts.dataset") else {
      return
    }
    let known = HospitalPlaces(scenario.cohorts.hospitals)
    for (index, entry) in scenario.timeline.enumerated() {
      let path = "timeline[\(index)]"
      reportUnknown(entry.hospitals, known, at: path)
      reportMoment(of: entry, at: path)
      reportUnfit(entry.act, at: path)
    }
    for fault in scenario.faults {
      reportUnknown(fault.hospitals ?? [], known, at: "faults.\(fault.act.key)")
      reportUnknownRegions(fault.regions ?? [], at: "faults.\(fault.act.key).regions")
      reportUnfit(fault.act, at: "faults.\(fault.act.key)")
      reportTwiceJoined(fault)
      reportDensity(of: fault)
    }
    drifts()
    sequence()
    beginning()
  }

  private func reportUnknown(_ names: [String], _ known: HospitalPlaces, at path: String) {
    guard let stranger = names.first(where: { !known.contains($0) }) else { return }
    findings.report(
      "no hospital \(stranger.excerpt)", accepted: "names that cohorts.hospitals gives",
      nearest: Nearest.match(stranger, among: scenario.cohorts.hospitals), at: path)
  }

  private func reportUnknownRegions(_ names: [String], at path: String) {
    let known = scenario.regions.names
    guard let stranger = names.first(where: { !known.contains($0) }) else { return }
    findings.report(
      "no region \(stranger.excerpt)",
      accepted: known.isEmpty
        ? "hospitals: this scenario has no regions" : "names that regions gives",
      nearest: Nearest.match(stranger, among: known), at: path)
  }

  /// Who joins by chance may never come: nothing can be planned for it.
  private func reportTwiceJoined(_ fault: FaultPlan) {
    guard fault.act == .plain(.join) else { return }
    let joiners = Set(fault.hospitals ?? [])
    let planned = scenario.timeline.first { entry in
      guard case .plain = entry.act else { return false }
      return entry.hospitals.contains(where: joiners.contains)
    }
    guard let planned, let hospital = planned.hospitals.first(where: joiners.contains) else {
      return
    }
    findings.report(
      "\(hospital.excerpt), whose \(planned.act.key) the timeline has planned",
      accepted: "hospitals of which the timeline says nothing", at: "faults.join.hospitals")
  }

  private func reportMoment(of entry: TimelineEntry, at path: String) {
    let rounds = scenario.federation.rounds
    switch (entry.moment, entry.act) {
    case (.round(let round), _) where round > rounds && findings.isSound("federation.rounds"):
      findings.report(
        "round \(round) of \(rounds)", accepted: "1 to \(rounds)", at: "\(path).round")
    case (.time, .disturb) where entry.rounds != nil:
      findings.report(
        "a number of rounds beside at", accepted: "rounds with round; end it with calm instead",
        at: "\(path).\(entry.act.key).rounds")
    default: break
    }
  }

  private func reportUnfit(_ act: ActPlan, at path: String) {
    guard case .hostile(let plan) = act else { return }
    if plan.kind == .labelFlip, findings.isSound("task.kind"), scenario.task.kind == .regression {
      findings.report(
        "label-flip where the outcome is a number", accepted: "label-flip with classification only",
        at: path)
    }
    if plan.kind == .aLittleIsEnough, findings.isSound("federation.episodes-per-round"),
      scenario.federation.episodesPerRound < 2
    {
      findings.report(
        "a-little-is-enough with one episode, which has no spread",
        accepted: "federation.episodes-per-round of at least 2", at: path)
    }
  }

  /// Reports a rate that would make more faults than anyone could follow.
  private func reportDensity(of fault: FaultPlan) {
    let most = 100_000.0
    let expected = fault.rate / 100 * Double(scenario.federation.rounds)
    guard findings.isSound("federation.rounds"), expected > most else { return }
    findings.report(
      "a rate that makes about \(Int(expected)) faults in \(scenario.federation.rounds) rounds",
      accepted: "at most \(Int(most)) of a kind", at: "faults.\(fault.act.key).rate")
  }

  /// Reports acts that do not fit what happened to the hospital before.
  private func sequence() {
    guard findings.isSound("timeline") else { return }
    let joiners = scenario.timeline.filter { $0.act == .plain(.join) }.flatMap(\.hospitals)
    var fates: [String: HospitalFate] = [:]
    for hospital in joiners { fates[hospital, default: HospitalFate()].whereabouts = .awaited }
    for (index, entry) in inOrder {
      guard case .plain(let act) = entry.act else { continue }
      for hospital in entry.hospitals {
        guard let problem = fates[hospital, default: HospitalFate()].suffer(act) else { continue }
        findings.report(
          "\(act.rawValue) of \(hospital.excerpt), \(problem.found)", accepted: problem.accepted,
          at: "timeline[\(index)]")
        return
      }
    }
  }

  /// The entries as they happen; where rounds and times are mixed, nobody knows their order, and
  /// those by round are looked at alone.
  private var inOrder: [(offset: Int, element: TimelineEntry)] {
    let entries = Array(scenario.timeline.enumerated())
    let byRound = entries.filter { $0.element.round != nil }
    guard byRound.isEmpty else {
      return byRound.sorted {
        ($0.element.round ?? 0, $0.offset) < ($1.element.round ?? 0, $1.offset)
      }
    }
    return entries.sorted { ($0.element.time ?? 0, $0.offset) < ($1.element.time ?? 0, $1.offset) }
  }
}

extension TimelineEntry {
  fileprivate var round: Int? { if case .round(let round) = moment { round } else { nil } }
  fileprivate var time: Double? { if case .time(let time) = moment { time } else { nil } }
}

/// What has become of a hospital in the course of a timeline.
private struct HospitalFate {
  enum Whereabouts { case awaited, running, paused, dead, gone }

  var whereabouts = Whereabouts.running
  var isCut = false

  /// Takes in what happens; what does not fit comes back, with what would.
  mutating func suffer(_ act: ActPlan.Plain) -> (found: String, accepted: String)? {
    switch (act, whereabouts) {
    case (.kill, .running), (.kill, .paused): whereabouts = .dead
    case (.start, .dead), (.resume, .paused), (.join, .awaited): whereabouts = .running
    case (.pause, .running): whereabouts = .paused
    case (.leave, .running): whereabouts = .gone
    case (.cut, _) where !isCut: isCut = true
    case (.reconnect, _) where isCut: isCut = false
    case (.calm, _): break
    case (.cut, _): return ("which is cut off already", "a hospital that is not")
    case (.reconnect, _): return ("which is not cut off", "a hospital that an earlier entry cuts")
    default: return (whereabouts.phrase, act.requirement)
    }
    return nil
  }
}

extension HospitalFate.Whereabouts {
  var phrase: String {
    switch self {
    case .awaited: "which has not joined yet"
    case .running: "whose node runs"
    case .paused: "whose node is paused"
    case .dead: "whose node was killed"
    case .gone: "which has left"
    }
  }
}

extension ActPlan.Plain {
  fileprivate var requirement: String {
    switch self {
    case .kill: "a hospital whose node runs or is paused"
    case .start: "a hospital that an earlier entry kills"
    case .resume: "a hospital that an earlier entry pauses"
    case .join: "one join a hospital, before anything else happens to it"
    case .pause, .leave: "a hospital whose node runs"
    case .cut, .reconnect, .calm: "any hospital"
    }
  }
}
