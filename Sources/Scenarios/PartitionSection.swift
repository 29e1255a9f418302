extension ScenarioReader {
  private enum Source: String, CaseIterable {
    case pooled, hospitals
  }

  /// Reads `cohorts.partition`; nil where it is absent.
  func partition(_ cohorts: Section) -> PartitionPlan? {
    let isGiven = cohorts.gives("partition")
    let section = cohorts.section("partition")
    defer { section.close() }
    let source: Source? = isGiven ? section.take("of", as: .choice, default: .pooled) : nil
    let pooled = section.pooledPlan()
    let merge = section.take("merge", as: .mergers, default: [:])
    let split = section.take("split", as: .byHospital(.count(2...1000)), default: [:])
    let beside = section.take("beside", as: .mergers, default: [:])
    switch source {
    case .pooled:
      for key in ["merge", "split", "beside"] {
        section.refuse(
          key, because: "with of: pooled", accepted: "merge, split and beside with of: hospitals")
      }
      return .pooled(pooled)
    case .hospitals:
      for key in ["from", "label-skew", "quantity-skew"] {
        section.refuse(
          key, because: "with of: hospitals",
          accepted: "from, label-skew and quantity-skew with of: pooled")
      }
      return .regrouped(merge: merge, split: split, beside: beside)
    case nil: return nil
    }
  }
}

extension Section {
  fileprivate func pooledPlan() -> PooledPlan {
    let from = take(ifPresent: "from", as: .hospitalNames(atLeast: 1))
    let labels = section("label-skew")
    let sizes = section("quantity-skew")
    let plan = PooledPlan(
      from: from, labelSkew: gives("label-skew") ? labels.labelSkew() : nil,
      quantitySkew: gives("quantity-skew") ? sizes.quantitySkew() : nil)
    if gives("label-skew") { labels.close() }
    if gives("quantity-skew") { sizes.close() }
    return plan
  }
}

extension Kind where Value == [String: [String]] {
  /// New hospitals, each with those that it is made of.
  fileprivate static var mergers: Self {
    .byHospital(.hospitalNames(atLeast: 1))
  }
}
