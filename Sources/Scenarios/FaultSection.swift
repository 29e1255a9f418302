// Faults by chance: a section a kind.

extension ScenarioReader {
  /// Reads `faults`, in the order in which they are drawn: who comes and goes is known before anything
  /// else befalls anyone.
  func faults(_ section: Section) -> [FaultPlan] {
    defer { section.close() }
    var plans = [
      fault("join", in: section) { _ in .plain(.join) },
      fault("leave", in: section) { _ in .plain(.leave) },
    ]
    for act in [ActPlan.Plain.kill, .pause, .cut] {
      plans.append(fault(act.rawValue, in: section) { _ in .plain(act) })
    }
    plans.append(restarts(section.section("restart"), given: section.gives("restart")))
    plans.append(fault("slow", in: section) { $0.slowness() })
    for kind in DisturbancePlan.Kind.allCases {
      plans.append(fault(kind.rawValue, in: section) { $0.disturbance(kind) })
    }
    plans.append(fault("hostile", in: section) { $0.attack() })
    plans.append(fault("drift", in: section) { $0.drift(as: section.gives("drift")) })
    return plans.compactMap(\.self)
  }

  private func restarts(_ section: Section, given: Bool) -> FaultPlan? {
    defer { section.close() }
    let rate = section.take("rate", as: .faultRate)
    guard given, let rate else { return nil }
    return FaultPlan(act: .restart, rate: rate, rounds: 1)
  }

  private func fault(
    _ key: String, in faults: Section, settings: (Section) -> ActPlan?
  ) -> FaultPlan? {
    let section = faults.section(key)
    defer { section.close() }
    let rate = section.take("rate", as: .faultRate)
    let lasts = key != "join" && key != "leave"
    let rounds = lasts ? section.take("rounds", as: .count(1...10_000_000), default: 1) : 1
    let targets = section.targets(ofJoin: key == "join")
    let act = settings(section)
    guard faults.gives(key), let rate, let act else { return nil }
    return FaultPlan(
      act: act, rate: rate, rounds: rounds, hospitals: targets.hospitals, regions: targets.regions)
  }
}

extension Section {
  /// Whom a fault can happen to: hospitals, or regions; who joins must be named.
  fileprivate func targets(ofJoin isJoin: Bool) -> (hospitals: [String]?, regions: [String]?) {
    guard !isJoin else { return (take("hospitals", as: .hospitalGroup), nil) }
    let hospitals = take(ifPresent: "hospitals", as: .hospitalGroup)
    let regions = take(ifPresent: "regions", as: .regionGroup)
    if gives("regions") {
      refuse("hospitals", because: "beside regions", accepted: "hospitals or regions")
    }
    return (hospitals, regions)
  }
}

extension Kind where Value == Double {
  /// Faults in a hundred rounds.
  fileprivate static var faultRate: Self { .positive(upTo: 10_000) }
}

extension Kind where Value == [String] {
  /// One region, or a list of them.
  fileprivate static var regionGroup: Self {
    Kind(accepted: "a region or a list of regions") { tree, path, findings in
      if case .list = tree.content {
        return Kind.hospitalNames(atLeast: 1, of: .region).read(tree, path, findings)
      }
      return Kind<String>.hospitalName.read(tree, path, findings).map { [$0] }
    }
  }
}

// MARK: Regions

extension [TimelineEntry] {
  /// The entries with hospitals in place of the regions that they name.
  func resolved(in regions: [RegionPlan], among hospitals: HospitalList) -> Self {
    guard !regions.isEmpty else { return self }
    return map { entry in
      var entry = entry
      entry.hospitals = entry.hospitals.resolved(in: regions, among: hospitals)
      return entry
    }
  }
}

extension [FaultPlan] {
  /// The plans with hospitals in place of the regions that they name.
  func resolved(in regions: [RegionPlan], among hospitals: HospitalList) -> Self {
    guard !regions.isEmpty else { return self }
    return map { plan in
      var plan = plan
      plan.hospitals = plan.hospitals?.resolved(in: regions, among: hospitals)
      return plan
    }
  }
}

extension [String] {
  /// The names with the hospitals of a region in place of its name; a hospital's own name comes first.
  fileprivate func resolved(in regions: [RegionPlan], among hospitals: HospitalList) -> Self {
    let known = HospitalPlaces(hospitals)
    return flatMap { name in
      known.contains(name) ? [name] : regions.region(named: name)?.allHospitals ?? [name]
    }
  }
}

extension [RegionPlan] {
  /// The region of this name, at any depth.
  func region(named name: String) -> RegionPlan? {
    first { $0.name == name } ?? lazy.compactMap { $0.regions.region(named: name) }.first
  }
}
