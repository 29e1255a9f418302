extension Scenario {
  /// The hospitals that never train, in the order of ``CohortPlan/hospitals``.
  ///
  /// A count takes those whose names come first when each is hashed together with the seed: FNV-1a
  /// of 64 bits over the bytes of `seed/name`, then the finaliser of MurmurHash3. So the choice
  /// depends on nothing but the seed and the names, and a name keeps its hash when hospitals are
  /// added. Cost: a look at all hospitals; keep the result.
  public var heldOutHospitals: HospitalList { cohorts.hospitals.choosing(heldOutPlaces) }

  /// The hospitals that train, in the order of ``CohortPlan/hospitals``.
  ///
  /// Cost: a look at all hospitals; keep the result.
  public var trainingHospitals: HospitalList { cohorts.hospitals.leavingOut(heldOutPlaces) }

  /// The places of the hospitals that never train, in ascending order.
  private var heldOutPlaces: [Int] {
    let hospitals = cohorts.hospitals
    switch cohorts.heldOut {
    case .named(let names):
      let chosen = Set(names)
      return chosen.isEmpty ? [] : hospitals.indices.filter { chosen.contains(hospitals[$0]) }
    case .count(let count): return firstInRank(count).sorted()
    }
  }

  /// The places of so many hospitals whose hashes are the smallest; names decide between equal ones.
  ///
  /// Never more than three times as many are kept as are wanted.
  private func firstInRank(_ count: Int) -> [Int] {
    guard count > 0 else { return [] }
    let hospitals = cohorts.hospitals
    var ranked: [(rank: UInt64, place: Int)] = []
    func keepFirst() {
      ranked.sort { one, other in
        one.rank < other.rank
          || one.rank == other.rank && hospitals[one.place] < hospitals[other.place]
      }
      ranked.removeLast(max(0, ranked.count - count))
    }
    for (place, name) in hospitals.enumerated() {
      ranked.append((Self.rank("\(seed)/\(name)"), place))
      if ranked.count >= 3 * count { keepFirst() }
    }
    keepFirst()
    return ranked.map(\.place)
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
