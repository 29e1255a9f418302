/// How the hospitals of a scenario come of those of its source of patients.
public enum PartitionPlan: Codable, Equatable, Sendable {
  /// The patients of all are put together and dealt anew.
  case pooled(PooledPlan)
  /// Some are put together or taken apart: hospitals by their new name, and numbers of parts.
  ///
  /// Those of `beside` come in addition: they have the patients of hospitals that stay as they are.
  case regrouped(
    merge: [String: [String]], split: [String: Int], beside: [String: [String]] = [:])
}

/// A pool of patients, and how it is dealt.
public struct PooledPlan: Codable, Equatable, Sendable {
  /// The hospitals of the source whose patients are pooled; all if nil.
  public var from: [String]?
  /// How the shares of the classes differ; not at all if nil.
  public var labelSkew: LabelSkewPlan?
  /// How sizes differ; not at all if nil.
  public var quantitySkew: QuantitySkewPlan?

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    from: [String]? = nil, labelSkew: LabelSkewPlan? = nil, quantitySkew: QuantitySkewPlan? = nil
  ) {
    self.from = from
    self.labelSkew = labelSkew
    self.quantitySkew = quantitySkew
  }
}

extension PartitionPlan {
  /// The names of the parts of a hospital that is taken apart: `va-1`, `va-2` and so on.
  public static func parts(of hospital: String, _ count: Int) -> [String] {
    (1...max(1, count)).map { "\(hospital)-\($0)" }
  }

  /// Whether some are put together.
  var merges: Bool {
    if case .regrouped(let merge, _, _) = self { !merge.isEmpty } else { false }
  }

  /// The hospitals that come of `natural` ones, in their order, the new ones of a merger last.
  func hospitals(from natural: [String]) -> [String] {
    guard case .regrouped(let merge, let split, let beside) = self else { return natural }
    let merged = Set(merge.values.joined())
    return natural.filter { !merged.contains($0) }.flatMap { name in
      split[name].map { Self.parts(of: name, $0) } ?? [name]
    } + merge.keys.sorted() + beside.keys.sorted()
  }
}
