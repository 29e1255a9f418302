/// A feature of a data set whose answers are kinds, not amounts.
public struct CategoryPlan: Equatable, Sendable {
  /// What it is called.
  public let name: String
  /// The number of its columns of 0 and 1.
  public let columns: Int

  /// The answers that are told apart: one a column, none of them, and not known.
  public var codes: Int { columns + 2 }
}

extension CohortSourcePlan {
  /// Which features are kinds, in the order of their columns.
  public var categories: [CategoryPlan] {
    switch self {
    case .heartDisease: Self.named([("cp", 3), ("restecg", 2)])
    case .strokeTrial:
      Self.named(
        [("RCONSC", 3), ("SEX", 2), ("RSLEEP", 2), ("RATRIAL", 3), ("RCT", 2), ("RVISINF", 2)]
          + [("RHEP24", 3), ("RASP3", 3)] + (1...8).map { ("RDEF\($0)", 3) } + [("STYPE", 5)])
    case .published(let plan) where plan.dataSet == .intensiveCare:
      Self.named([("admission", 2), ("diagnosis", 7)])
    case .synthetic, .sinusoid, .published, .doses, .tenClasses: []
    }
  }

  private static func named(_ categories: [(String, Int)]) -> [CategoryPlan] {
    categories.map { CategoryPlan(name: $0, columns: $1) }
  }
}

extension Contradictions {
  /// What embeds categories is the first layer, of a data set that has some.
  func embedding(of features: [String]?, at path: String) {
    let known = scenario.cohorts.source.categories.map(\.name)
    if path != "model.layers[0]" {
      findings.report(
        "embedding after other layers, which leave no categories",
        accepted: "embedding as the first layer", at: path)
    } else if known.isEmpty {
      findings.report(
        "embedding of features that are no categories",
        accepted: "dataset: heart-disease, ist or eicu-demo", at: path)
    } else if features?.isEmpty ?? false {
      findings.report(
        "embedding of no features", accepted: known.joined(separator: ", "),
        at: path + ".features")
    }
    for stranger in (features ?? []).filter({ !known.contains($0) }) where !known.isEmpty {
      let meant = Nearest.match(stranger, among: known).map { "; did you mean \($0)?" } ?? ""
      findings.report(
        "the category '\(stranger)'", accepted: known.joined(separator: ", ") + meant,
        at: path + ".features")
    }
  }
}
