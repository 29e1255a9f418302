import Cohorts
import Federation
import Scenarios

extension ScenarioPortrait {
  /// The portrait as JSON, with a line feed at its end.
  public var json: String {
    JSON.object([
      ("scenario", .string(scenario.name)), ("summary", .string(scenario.summary)),
      ("seed", .integer(scenario.seed)), ("round", .integer(census.round)),
      ("partition", .strings(scenario.cohorts.partitionSentences.map(\.text))),
      ("rules", .array(ruleWords.map(\.json))), ("uncounted", .strings(uncounted)),
      ("timeline", .strings(scenario.timeline.map(\.sentence))), ("faults", .strings(byChance)),
      ("labels", .strings(census.labels)), ("hospitals", .array(rows)), ("measures", measures),
      ("exchanges", .array(methods.map { ExchangeTable(of: $0).json })),
    ]).indented() + "\n"
  }

  private var rows: [JSON] {
    census.hospitals.map { hospital in
      .object(
        [
          ("hospital", .string(hospital.name)), ("held-out", .bool(hospital.isHeldOut)),
          ("patients", .integer(hospital.patients)),
        ] + (countsRecords ? [("records", .integer(hospital.records))] : []) + [
          ("counts", .integers(hospital.counts)), ("missing", .real(hospital.missing)),
        ])
    }
  }

  private var measures: JSON {
    let distances = distances.summary.map { summary in
      JSON.object([
        ("pairs", .integer(summary.pairs)), ("drawn", .bool(summary.isSample)),
        ("mean", .real(summary.mean)), ("median", .real(summary.median)),
        ("largest", .real(summary.largest)),
      ])
    }
    return .object([
      ("effective-patients", .real(LabelMeasures.effectivePatients(sizes: sizes))),
      ("effective-hospitals", .real(LabelMeasures.effectiveHospitals(sizes: sizes))),
      ("jensen-shannon-distance", distances ?? .null),
    ])
  }
}

extension ScenarioPortrait.RuleWords {
  fileprivate var json: JSON {
    .object([
      ("kind", .string(kind)), ("name", .string(name)), ("sentence", .string(sentence)),
      ("formula", .string(formula)),
    ])
  }
}
