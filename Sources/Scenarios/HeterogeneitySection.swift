extension ScenarioReader {
  /// Reads `heterogeneity`, a list of rules; none where it is absent.
  func heterogeneity(_ root: Section) -> [HeterogeneityRulePlan] {
    root.take("heterogeneity", as: .list(of: .rule, atMost: 64), default: [])
  }
}

/// The kinds of rules, by the names that scenarios use.
enum RuleKind: String, CaseIterable {
  case labelSkew = "label-skew"
  case quantitySkew = "quantity-skew"
  case caseMix = "case-mix"
  case conceptShift = "concept-shift"
  case measurement
  case missingFeatures = "missing-features"
  case labelNoise = "label-noise"
  case temporalSplit = "temporal-split"

  /// What the rule does, of use only if nothing was found.
  func effect(_ section: Section) -> HeterogeneityRulePlan.Effect? {
    switch self {
    case .labelSkew: section.labelSkew().map { .labelSkew($0) }
    case .quantitySkew: section.quantitySkew().map { .quantitySkew($0) }
    case .caseMix: .caseMix(section.caseMix())
    case .conceptShift: .conceptShift(section.conceptShift())
    case .measurement: .measurement(section.measurement())
    case .missingFeatures: .missingFeatures(section.missingFeatures())
    case .labelNoise: section.labelNoise().map { .labelNoise($0) }
    case .temporalSplit: .temporalSplit
    }
  }
}

extension Kind where Value == HeterogeneityRulePlan {
  /// One rule: `{ label-skew: { dirichlet: 0.3, hospitals: [h1..h4] } }`.
  fileprivate static var rule: Self {
    let accepted = "a rule such as { label-noise: { rate: 0.1 } }"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .mapping = tree.content else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      let section = Section(tree, path: path, findings: findings)
      let given = RuleKind.allCases.filter { section.gives($0.rawValue) }
      let rules = RuleKind.allCases.map { kind in
        (kind, section.section(kind.rawValue))
      }.filter { given.contains($0.0) }.map { kind, below in kind.rule(below) }
      section.close()
      guard given.count == 1 else {
        findings.report(
          given.isEmpty ? "a rule without a kind" : "several kinds in one rule",
          accepted: "exactly one of \(RuleKind.allCases.map(\.rawValue).joined(separator: ", "))",
          at: path, place: tree.place)
        return nil
      }
      return rules[0]
    }
  }
}

extension RuleKind {
  fileprivate func rule(_ section: Section) -> HeterogeneityRulePlan? {
    defer { section.close() }
    let effect = effect(section)
    let name = section.take("name", as: .identifier, default: rawValue)
    let hospitals = section.take(ifPresent: "hospitals", as: .hospitalNames(atLeast: 1))
    // A split in time holds from the first episode to the last.
    guard self != .temporalSplit else {
      return effect.map { HeterogeneityRulePlan(name: name, effect: $0, hospitals: hospitals) }
    }
    let from = section.take(ifPresent: "from-round", as: .count(1...10_000_000))
    let until = section.take(ifPresent: "until-round", as: .count(1...10_000_000))
    let over = section.take("over", as: .count(1...10_000_000), default: 1)
    return effect.map {
      HeterogeneityRulePlan(
        name: name, effect: $0, hospitals: hospitals, fromRound: from, untilRound: until, over: over
      )
    }
  }
}

// MARK: Settings of each kind

extension Section {
  /// The one of some keys that is given; reports none and several.
  func one(of keys: [String]) -> String? {
    let given = keys.filter(gives)
    for extra in given.dropFirst() {
      refuse(extra, because: "beside \(given[0])", accepted: "exactly one of \(keys.spelled)")
    }
    return given.first
  }

  func labelSkew() -> LabelSkewPlan? {
    let keys = ["dirichlet", "classes", "prevalence"]
    let dirichlet = take(ifPresent: keys[0], as: .positive(upTo: 1e6))
    let classes = take(ifPresent: keys[1], as: .count(1...10))
    let prevalence = take(ifPresent: keys[2], as: .perHospital(.number(0...1)))
    switch one(of: keys) {
    case "dirichlet": return dirichlet.map { .dirichlet($0) }
    case "classes": return classes.map { .classes($0) }
    case "prevalence": return prevalence.map { .prevalence($0) }
    default: return missing(keys)
    }
  }

  func quantitySkew() -> QuantitySkewPlan? {
    let keys = ["log-normal", "zipf", "counts"]
    let sigma = take(ifPresent: keys[0], as: .number(0...5))
    let exponent = take(ifPresent: keys[1], as: .number(0...10))
    let counts = take(ifPresent: keys[2], as: .byHospital(.count(1...1_000_000)))
    switch one(of: keys) {
    case "log-normal": return sigma.map { .logNormal($0) }
    case "zipf": return exponent.map { .zipf($0) }
    case "counts": return counts.map { .counts($0) }
    default: return missing(keys)
    }
  }

  private func missing<Value>(_ keys: [String]) -> Value? {
    report("no law", accepted: "exactly one of \(keys.spelled)")
    return nil
  }

  fileprivate func caseMix() -> CaseMixPlan {
    CaseMixPlan(
      shift: take("shift", as: .number(0...10), default: 0),
      scale: take("scale", as: .number(0...3), default: 0),
      rotation: take("rotation", as: .number(0...360), default: 0),
      clusters: take(ifPresent: "clusters", as: .count(1...1000)))
  }

  fileprivate func conceptShift() -> ConceptShiftPlan {
    ConceptShiftPlan(
      spread: take("spread", as: .number(0...10)) ?? 0,
      clusters: take(ifPresent: "clusters", as: .count(1...1000)))
  }

  fileprivate func measurement() -> MeasurementPlan {
    MeasurementPlan(
      features: take(ifPresent: "features", as: .featureNames),
      factor: take("factor", as: .positive(upTo: 1e6), default: 1),
      factorSpread: take("factor-spread", as: .number(0...5), default: 0),
      offset: take("offset", as: .number(-1e6...1e6), default: 0),
      offsetSpread: take("offset-spread", as: .number(0...10), default: 0),
      rounding: take("rounding", as: .number(0...1e6), default: 0),
      codes: take("codes", as: .truth, default: false))
  }

  fileprivate func missingFeatures() -> MissingFeaturesPlan {
    MissingFeaturesPlan(
      features: take(ifPresent: "features", as: .featureNames),
      share: take("share", as: .number(0...1), default: 0),
      byValue: take("by-value", as: .number(-10...10), default: 0),
      columns: take("columns", as: .number(0...1), default: 0),
      never: take("never", as: .featureNames, default: []),
      indicator: take("indicator", as: .truth, default: false))
  }

  fileprivate func labelNoise() -> LabelNoisePlan? {
    let kind: LabelNoisePlan.Kind = take("kind", as: .choice, default: .symmetric)
    let rate = take("rate", as: .perHospital(.number(0...1)))
    return rate.map { LabelNoisePlan(kind: kind, rate: $0) }
  }
}

extension [String] {
  fileprivate var spelled: String { joined(separator: ", ") }
}

// MARK: Kinds of values

extension Kind where Value == Bool {
  /// Yes or no.
  static var truth: Self {
    Kind("true, false") { tree in tree.plainText.flatMap { Bool($0) } }
  }
}

extension Kind where Value == [String] {
  /// Names of features, each once.
  static var featureNames: Self {
    let list = Kind<[String]>.list(of: .line(upTo: 64), atMost: 1000)
    return Kind(accepted: "a list of names of features") { tree, path, findings in
      guard let names = list.read(tree, path, findings) else { return nil }
      guard Set(names).count == names.count else {
        findings.report(
          "a feature given twice", accepted: "each feature once", at: path, place: tree.place)
        return nil
      }
      return names
    }
  }
}

extension Kind {
  /// A value for each of some hospitals: `{ h1: 0.1, h2..h4: 0.3 }`.
  static func byHospital<Member>(_ kind: Kind<Member>) -> Kind<[String: Member]>
  where Value == [String: Member] {
    let accepted = "for each hospital's name \(kind.accepted)"
    return Kind<[String: Member]>(accepted: accepted) { tree, path, findings in
      guard case .mapping(let entries) = tree.content, !entries.isEmpty else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      var values: [String: Member] = [:]
      var isSound = true
      for entry in entries {
        findings.note(entry.place, of: "\(path).\(entry.key)")
        guard let value = kind.read(entry.value, "\(path).\(entry.key.excerpt)", findings) else {
          isSound = false
          continue
        }
        for name in HospitalRange(entry.key)?.names ?? [entry.key] {
          findings.note(entry.place, of: "\(path).\(name)")
          if values.updateValue(value, forKey: name) != nil {
            findings.report(
              "\(name.excerpt) is given twice", accepted: "each hospital once", at: path,
              place: entry.place)
            isSound = false
          }
        }
      }
      return isSound ? values : nil
    }
  }

  /// One value, or one for each of some hospitals.
  static func perHospital<Member>(_ kind: Kind<Member>) -> Kind<PerHospital<Member>>
  where Value == PerHospital<Member> {
    let accepted = "\(kind.accepted), or such a number by the name of each hospital"
    return Kind<PerHospital<Member>>(accepted: accepted) { tree, path, findings in
      if case .mapping = tree.content {
        return Kind<[String: Member]>.byHospital(kind).read(tree, path, findings).map { .named($0) }
      }
      return Kind<Member>(accepted: accepted, read: kind.read).read(tree, path, findings)
        .map { .same($0) }
    }
  }
}
