extension Scenario {
  /// The hospitals that never train, in the order of ``CohortPlan/hospitals``.
  ///
  /// A count takes those whose names come first when each is hashed together with the seed: FNV-1a
  /// of 64 bits over the bytes of `seed/name`, then the finaliser of MurmurHash3. So the choice
  /// depends on nothing but the seed and the names, and a name keeps its hash when hospitals are
  /// added. Cost: a sort of all hospitals; keep the result.
  public var heldOutHospitals: [String] {
    let chosen = heldOutNames
    return cohorts.hospitals.filter(chosen.contains)
  }

  /// The hospitals that train, in the order of ``CohortPlan/hospitals``.
  ///
  /// Cost: a sort of all hospitals; keep the result.
  public var trainingHospitals: [String] {
    let chosen = heldOutNames
    // The same list where it can be, not another one of as many names.
    return chosen.isEmpty ? cohorts.hospitals : cohorts.hospitals.filter { !chosen.contains($0) }
  }

  private var heldOutNames: Set<String> {
    switch cohorts.heldOut {
    case .named(let names): return Set(names)
    case .count(0): return []
    case .count(let count):
      let ordered = cohorts.hospitals.map { (rank: Self.rank("\(seed)/\($0)"), name: $0) }
        .sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
      return Set(ordered.prefix(count).map(\.name))
    }
  }

  private static func rank(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    // The high bits of FNV-1a hardly depend on the last bytes, and the order is that of high bits.
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 33)
  }
}

extension CohortPlan {
  /// How many hospitals train.
  var trainingCount: Int {
    switch heldOut {
    case .count(let count): hospitals.count - count
    case .named(let names): hospitals.count - names.count
    }
  }
}
