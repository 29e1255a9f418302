extension ScenarioReader {
  /// Reads `time`; `nil` where the scenario does not speak of it.
  func time(_ root: Section) -> TimePlan? {
    let isGiven = root.gives("time")
    let section = root.section("time")
    let plan = TimePlan(
      compute: section.take("compute", as: .compute, default: .seconds(0)),
      computeSpread: section.take("compute-spread", as: .number(0...10), default: 0),
      speed: section.take(
        "speed", as: .hospitalSetting(.positive(upTo: 1_000_000)), default: HospitalSetting(1)),
      speedSpread: section.take("speed-spread", as: .number(0...10), default: 0),
      latency: section.take("latency", as: .hospitalSetting(.span), default: HospitalSetting(0)),
      up: section.take("up", as: .hospitalSetting(.bandwidth), default: HospitalSetting(nil)),
      down: section.take("down", as: .hospitalSetting(.bandwidth), default: HospitalSetting(nil)),
      availability: availability(section))
    section.close()
    return isGiven ? plan : nil
  }

  /// A word, or a section with exactly one kind of trace.
  private func availability(_ time: Section) -> AvailabilityPlan {
    if time.givesScalar("availability") {
      let _: Always? = time.take(ifPresent: "availability", as: .choice)
      return .always
    }
    let isGiven = time.gives("availability")
    let section = time.section("availability")
    let names = ["day-night", "markov", "file", "intervals"]
    let given = names.filter(section.gives)
    let accepted = "always, or exactly one of \(names.joined(separator: ", "))"
    for extra in given.dropFirst() {
      section.refuse(extra, because: "beside \(given[0])", accepted: accepted)
    }
    if isGiven, given.isEmpty, findings.isSound(section.path) {
      findings.report("no trace", accepted: accepted, at: section.path)
    }
    let plans: [String: AvailabilityPlan] = [
      "day-night": .dayNight(dayNight(section.section("day-night"))),
      "markov": markov(section.section("markov")),
      "file": .intervals(section.take(ifPresent: "file", as: .traceFile) ?? [:]),
      "intervals": .intervals(section.take(ifPresent: "intervals", as: .intervals) ?? [:]),
    ]
    section.close()
    return given.first.flatMap { plans[$0] } ?? .always
  }

  private func dayNight(_ section: Section) -> DayNightPlan {
    defer { section.close() }
    let plan = DayNightPlan(
      from: section.take("from", as: .number(0...24)) ?? 0,
      until: section.take("until", as: .number(0...24)) ?? 24,
      zone: section.take("zone", as: .hospitalSetting(.zone), default: HospitalSetting(nil)))
    let isWhole = (plan.from - plan.until).truncatingRemainder(dividingBy: 24) == 0
    if isWhole, section.gives("from"), section.gives("until"), findings.isSound(section.path) {
      findings.report(
        "from \(plan.from.short) until \(plan.until.short), a whole day or none of it",
        accepted: "two different hours", at: "\(section.path).until")
    }
    return plan
  }

  private func markov(_ section: Section) -> AvailabilityPlan {
    defer { section.close() }
    return .markov(
      on: section.take("on", as: .trueSpan) ?? 1, off: section.take("off", as: .trueSpan) ?? 1)
  }
}

/// The word for hospitals that are always there.
private enum Always: String, CaseIterable {
  case always
}

extension Kind where Value == TimePlan.Compute {
  /// What an episode takes: a length of time, or `measured`.
  fileprivate static var compute: Self {
    Kind("\(Kind<Double>.span.accepted), or measured") { tree in
      guard let text = tree.plainText else { return nil }
      return text == "measured" ? .measured : Double(span: text).map { .seconds($0) }
    }
  }
}

extension Kind where Value == Double {
  /// A length of time in virtual seconds, which may be none.
  static var span: Self {
    Kind("a length of time from 0s to 8760h, such as 50us, 20ms, 3s, 2m or 1h") { tree in
      tree.plainText.flatMap(Double.init(span:))
    }
  }

  /// A length of time in virtual seconds, from a millisecond.
  fileprivate static var trueSpan: Self {
    Kind("a length of time from 1ms to 8760h, such as 30s, 2m or 1h") { tree in
      tree.plainText.flatMap(Double.init(span:)).flatMap { $0 >= 0.001 ? $0 : nil }
    }
  }
}

extension Kind where Value == Double? {
  /// Bits a second, or `unlimited`.
  fileprivate static var bandwidth: Self {
    Kind(
      "unlimited, or a number above 0 with bit/s, kbit/s, Mbit/s or Gbit/s, such as 10Mbit/s"
    ) { tree -> Double?? in
      guard let text = tree.text else { return nil }
      if text == "unlimited" { return .some(nil) }
      return Double(bandwidth: text).map { .some($0) }
    }
  }

  /// Hours ahead of the virtual clock, or `drawn`.
  fileprivate static var zone: Self {
    Kind("drawn, or a number of hours from -12 to 14") { tree -> Double?? in
      guard let text = tree.plainText else { return nil }
      if text == "drawn" { return .some(nil) }
      return Double(decimal: text).flatMap { (-12...14).contains($0) ? .some($0) : nil }
    }
  }
}

extension Kind {
  /// One value for all hospitals, or a mapping of their names to values.
  static func hospitalSetting<Member>(_ kind: Kind<Member>) -> Self
  where Value == HospitalSetting<Member> {
    let accepted =
      "\(kind.accepted); or a mapping of hospitals, of ranges such as h1..h8, and of others, to such"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .mapping(let entries) = tree.content else {
        return kind.read(tree, path, findings).map { HospitalSetting($0) }
      }
      return hospitalSetting(entries, of: kind, tree, path, findings)
    }
  }

  private static func hospitalSetting<Member>(
    _ entries: [Tree.Entry], of kind: Kind<Member>, _ tree: Tree, _ path: String,
    _ findings: Findings
  ) -> HospitalSetting<Member>? {
    var others: Member?
    var named: [String: Member] = [:]
    var isSound = true
    for entry in entries {
      guard let value = kind.read(entry.value, "\(path).\(entry.key.excerpt)", findings) else {
        isSound = false
        continue
      }
      if entry.key == "others" {
        others = value
        continue
      }
      for name in HospitalRange(entry.key)?.names ?? [entry.key] {
        findings.note(entry.place, of: "\(path).\(name)")
        if named.updateValue(value, forKey: name) != nil {
          isSound = false
          findings.report(
            "\(name.excerpt) is given twice", accepted: "each hospital once", at: path,
            place: entry.place)
        }
      }
    }
    if isSound, others == nil {
      findings.report(
        "no value for others", accepted: "others: \(kind.accepted)", at: path, place: tree.place)
    }
    return isSound ? others.map { HospitalSetting($0, named: named) } : nil
  }
}

extension Double {
  /// Seconds from a number and its unit: `us`, `ms`, `s`, `m` or `h`; at most a year.
  fileprivate init?(span text: String) {
    if text.hasSuffix("us") {
      guard let number = Double(decimal: String(text.dropLast(2))) else { return nil }
      self = number / 1_000_000
    } else {
      self.init(duration: text)
    }
    guard (0...31_536_000).contains(self) else { return nil }
  }

  /// Bits a second from a number and its unit.
  fileprivate init?(bandwidth text: String) {
    let units = [("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3), ("bit/s", 1)]
    guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(decimal: String(text.dropLast(unit.count))),
      number > 0, number * factor <= 1e15
    else { return nil }
    self = number * factor
  }
}

extension Contradictions {
  /// Reports hospitals of `time`, and regions that have links, which the scenario does not have.
  func timing() {
    guard let time = scenario.time, findings.isSound("cohorts.hospitals", "time") else { return }
    let regions = scenario.regions.names
    reportStrangers(time.speed.named.keys, at: "time.speed")
    reportStrangers(time.latency.named.keys, or: regions, at: "time.latency")
    reportStrangers(time.up.named.keys, or: regions, at: "time.up")
    reportStrangers(time.down.named.keys, or: regions, at: "time.down")
    switch time.availability {
    case .dayNight(let plan):
      reportStrangers(plan.zone.named.keys, at: "time.availability.day-night.zone")
    case .intervals(let intervals): reportStrangers(intervals.keys, at: "time.availability")
    case .always, .markov: break
    }
  }

  private func reportStrangers(
    _ names: some Sequence<String>, or regions: [String] = [], at path: String
  ) {
    let known = HospitalPlaces(scenario.cohorts.hospitals)
    let alternative = regions.isEmpty ? "" : ", or regions"
    for name in names.sorted() where !known.contains(name) && !regions.contains(name) {
      findings.report(
        "no hospital \(name.excerpt)",
        accepted: "names that cohorts.hospitals gives" + alternative,
        nearest: Nearest.match(name, among: scenario.cohorts.hospitals + regions),
        at: "\(path).\(name)")
    }
  }
}
