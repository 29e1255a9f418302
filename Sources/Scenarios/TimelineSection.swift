extension Kind where Value == [TimelineEntry] {
  /// A list of acts, each with its moment.
  static var timeline: Self { .list(of: .timelineEntry, atMost: 10_000) }
}

extension Kind where Value == TimelineEntry {
  /// One act: `{ round: 20, kill: h3 }`.
  fileprivate static var timelineEntry: Self {
    let accepted = "a moment and an act such as { round: 20, kill: h3 }"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .mapping = tree.content else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      let section = Section(tree, path: path, findings: findings)
      defer { section.close() }
      return EntryReader(section: section, findings: findings).entry()
    }
  }
}

extension Kind where Value == [String] {
  /// One hospital, a range of them, or a list of both.
  static var hospitalGroup: Self {
    let accepted = "a hospital, a range such as h1..h8, or a list of hospitals"
    return Kind(accepted: accepted) { tree, path, findings in
      if case .list = tree.content {
        return Kind.hospitalNames(atLeast: 1).read(tree, path, findings)
      }
      return names(of: tree, path: path, findings)
    }
  }
}

/// Reads one entry of a timeline.
private struct EntryReader {
  let section: Section
  let findings: Findings

  /// The keys that acts have.
  private static let acts =
    ActPlan.Plain.allCases.map(\.rawValue) + ["restart", "slow"]
    + DisturbancePlan.Kind.allCases.map(\.rawValue) + ["hostile", "drift"]

  func entry() -> TimelineEntry? {
    let moment = self.moment()
    let given = Self.acts.filter(section.gives)
    for extra in given.dropFirst() {
      section.refuse(extra, because: "beside \(given[0])", accepted: "one act an entry")
    }
    if given.isEmpty {
      findings.report(
        "no act", accepted: "exactly one of \(Self.acts.joined(separator: ", "))",
        at: section.path)
    }
    // Each is read, so that all that is wrong with any of them is said.
    let entries = [plain(), restart(), slow(), disturbed(), hostile(), drift()].compactMap(\.self)
    return moment.flatMap { moment in
      entries.first.map {
        TimelineEntry(moment: moment, act: $0.act, hospitals: $0.hospitals, rounds: $0.rounds)
      }
    }
  }

  private func moment() -> TimelineEntry.Moment? {
    let round = section.take(ifPresent: "round", as: .count(1...10_000_000))
    let time = section.take(ifPresent: "at", as: .duration)
    if section.gives("round") {
      section.refuse("at", because: "beside round", accepted: "round or at")
    } else if !section.gives("at") {
      findings.report(
        "no moment", accepted: "round: a number, or at: a length of time", at: section.path)
    }
    return round.map { .round($0) } ?? time.map { .time($0) }
  }

  private typealias GivenAct = (act: ActPlan, hospitals: [String], rounds: Int?)

  private func plain() -> GivenAct? {
    let acts = ActPlan.Plain.allCases.map { act in
      section.take(ifPresent: act.rawValue, as: .hospitalGroup).map {
        GivenAct(.plain(act), $0, nil)
      }
    }
    return acts.compactMap(\.self).first
  }

  private func restart() -> GivenAct? {
    let what: Restartable? = section.take(ifPresent: "restart", as: .choice)
    return what.map { _ in (.restart, [], nil) }
  }

  private func slow() -> GivenAct? { lasting("slow") { $0.slowness() } }

  private func disturbed() -> GivenAct? {
    DisturbancePlan.Kind.allCases.map { kind in
      lasting(kind.rawValue) { $0.disturbance(kind) }
    }.compactMap(\.self).first
  }

  private func hostile() -> GivenAct? { lasting("hostile") { $0.attack() } }

  private func drift() -> GivenAct? { lasting("drift") { $0.drift(as: section.gives("drift")) } }

  private func lasting(_ key: String, settings: (Section) -> ActPlan?) -> GivenAct? {
    let section = self.section.section(key)
    defer { section.close() }
    let hospitals = section.take("hospitals", as: .hospitalGroup)
    let act = settings(section)
    let rounds = section.take(ifPresent: "rounds", as: .count(1...10_000_000))
    guard let hospitals, let act else { return nil }
    return (act, hospitals, rounds)
  }
}

/// What a timeline can restart.
private enum Restartable: String, CaseIterable {
  case coordinator
}

extension DisturbancePlan.Kind {
  /// The key of the time that messages are late by, where they are.
  var delayKey: String? {
    switch self {
    case .delay: "by"
    case .reorder: "within"
    case .drop, .duplicate, .corrupt: nil
    }
  }
}

extension Section {
  /// The settings of `slow`.
  func slowness() -> ActPlan? {
    take("factor", as: .number(1...1000)).map { .slow(factor: $0) }
  }

  /// The settings of messages that do not pass as usual.
  func disturbance(_ kind: DisturbancePlan.Kind) -> ActPlan? {
    let probability = take("probability", as: .positive(upTo: 1), default: 1)
    guard let key = kind.delayKey else {
      return .disturb(DisturbancePlan(kind: kind, probability: probability))
    }
    return take(key, as: .duration).map {
      .disturb(DisturbancePlan(kind: kind, probability: probability, delay: $0))
    }
  }

  /// The settings of `hostile`.
  func attack() -> ActPlan? {
    let kind: AttackPlan.Kind? = take("attack", as: .choice)
    let strength = take(ifPresent: "strength", as: .positive(upTo: 1_000_000))
    guard let kind else { return nil }
    if kind.usualStrength == nil {
      refuse(
        "strength", because: "with attack: \(kind.rawValue)",
        accepted: "strength with every other attack")
    }
    return .hostile(AttackPlan(kind: kind, strength: strength ?? kind.usualStrength ?? 1))
  }
}

// MARK: Drift

extension Section {
  /// The settings of `drift`: one rule under its kind, or `prevalence` for a skew of labels by that.
  func drift(as isGiven: Bool) -> ActPlan? {
    let prevalence = take(ifPresent: "prevalence", as: .number(0...1))
    let kinds = RuleKind.allCases.filter { $0 != .temporalSplit }
    let rules = kinds.map { kind in (kind, section(kind.rawValue)) }
    let effects = rules.filter { gives($0.0.rawValue) }.map { kind, below in
      defer { below.close() }
      return kind.effect(below)
    }
    let name = take(ifPresent: "name", as: .identifier)
    let over = take("over", as: .count(1...10_000_000), default: 1)
    let keys = ["prevalence"] + kinds.map(\.rawValue)
    guard isGiven, one(of: keys) != nil else {
      if isGiven { report("no rule", accepted: "exactly one of \(keys.joined(separator: ", "))") }
      return nil
    }
    let skew = prevalence.map { HeterogeneityRulePlan.Effect.labelSkew(.prevalence(.same($0))) }
    return (effects.first ?? skew).map {
      .drift(DriftPlan(name: name ?? $0.kind.rawValue, effect: $0, over: over))
    }
  }
}
