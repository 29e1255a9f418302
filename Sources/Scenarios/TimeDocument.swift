extension TimePlan {
  /// The section as it is written, every default filled in; traces of a file stand there themselves.
  var document: ScenarioDocument {
    .mapping([
      ("compute", compute.document),
      ("compute-spread", .number(computeSpread)),
      ("speed", speed.document { .number($0) }),
      ("speed-spread", .number(speedSpread)),
      ("latency", latency.document { .seconds($0) }),
      ("up", up.document(ScenarioDocument.bandwidth)),
      ("down", down.document(ScenarioDocument.bandwidth)),
      ("availability", availability.document),
    ])
  }
}

extension TimePlan.Compute {
  fileprivate var document: ScenarioDocument {
    switch self {
    case .seconds(let seconds): .seconds(seconds)
    case .measured: .text("measured")
    }
  }
}

extension AvailabilityPlan {
  fileprivate var document: ScenarioDocument {
    switch self {
    case .always: .text("always")
    case .dayNight(let plan): .mapping([("day-night", plan.document)])
    case .markov(let on, let off):
      .mapping([("markov", .mapping([("on", .seconds(on)), ("off", .seconds(off))]))])
    case .intervals(let intervals):
      .mapping([
        (
          "intervals",
          .mapping(
            intervals.sorted { $0.key < $1.key }.map {
              ($0.key, .list($0.value.map { .range($0) }))
            })
        )
      ])
    }
  }
}

extension DayNightPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([
      ("from", .number(from)), ("until", .number(until)),
      ("zone", zone.document { $0.map { .number($0) } ?? .text("drawn") }),
    ])
  }
}

extension HospitalSetting {
  /// The one value, or a mapping of names to values.
  fileprivate func document(_ value: (Value) -> ScenarioDocument) -> ScenarioDocument {
    guard !named.isEmpty else { return value(others) }
    return .byHospital(named.mapValues(value), others: value(others))
  }
}

extension ScenarioDocument {
  fileprivate static func bandwidth(_ bits: Double?) -> Self {
    .text(bits.map { "\($0.short)bit/s" } ?? "unlimited")
  }
}
