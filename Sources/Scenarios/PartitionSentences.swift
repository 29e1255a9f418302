extension CohortPlan {
  /// How hospitals come of those of the source, a sentence each, with its formula where it has one; none
  /// without a partition.
  public var partitionSentences: [(text: String, formula: String?)] {
    partition?.sentences(ofRecords: source.isOfRecords) ?? []
  }
}

extension PartitionPlan {
  fileprivate func sentences(ofRecords: Bool) -> [(text: String, formula: String?)] {
    switch self {
    case .pooled(let plan): plan.sentences(ofRecords: ofRecords)
    case .regrouped(let merge, _, _) where ofRecords:
      Self.sentences(of: merge.mapValues { HospitalRange.shortened($0) }) {
        "The patients \($1) are put together in \($0), each with all records."
      }
    case .regrouped(let merge, let split, let beside):
      Self.sentences(of: merge) { "The patients of \($1) are put together in \($0)." }
        + split.sorted { $0.key < $1.key }.map {
          ("The patients of \($0.key) are dealt by lot to \($0.value) hospitals.", nil)
        }
        + Self.sentences(of: beside) { "\($0) has the patients of \($1), who stay there as well." }
    }
  }

  private static func sentences(
    of groups: [String: [String]], _ text: (String, String) -> String
  ) -> [(text: String, formula: String?)] {
    groups.sorted { $0.key < $1.key }.map { (text($0.key, $0.value.joined(separator: ", ")), nil) }
  }
}

extension PooledPlan {
  fileprivate func sentences(ofRecords: Bool) -> [(text: String, formula: String?)] {
    let origin =
      ofRecords
      ? from.map { "patients " + HospitalRange.shortened($0).joined(separator: ", ") }
        ?? "patients"
      : "patients of " + (from?.joined(separator: ", ") ?? "all hospitals")
    let size = quantitySkew.map { "\($0.sentence), by weights w_h." }
    let classes = labelSkew.map { "\($0.sentence), as far as the pool allows: p_hc." }
    let end = ofRecords ? ", each with all records" : ""
    return [("The \(origin) are put together and dealt anew\(end).", nil)]
      + [
        classes.map {
          ($0, "a_hc = w_h p_hc, scaled in turn to sizes and to the classes there are")
        }
      ]
      .compactMap(\.self) + [size.map { ($0, "sizes in proportion to w_h") }].compactMap(\.self)
  }
}
