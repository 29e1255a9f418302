import Federation
import MetaLearning
import Scenarios

/// On which features the model relies, before and after adaptation, as text.
struct RelianceTable {
  /// Features that have a row.
  static let featuresInBrief = 10
  /// Features that are named of each hospital.
  static let featuresOfHospital = 3

  let evaluation: Evaluation
  let explained: ExplainedModel
  let scenario: Scenario

  /// The table of an evaluation; `nil` where nothing was asked of the kind.
  init?(_ evaluation: Evaluation, of scenario: Scenario) {
    guard let explained = evaluation.explained else { return nil }
    self.evaluation = evaluation
    self.explained = explained
    self.scenario = scenario
  }

  /// A table of the mean over each group of hospitals, a line for each hospital, and what it means.
  var text: String {
    let example = evaluation.example(of: scenario.cohorts)
    let title =
      "What the model relies on, before → after \(counted(explained.steps, "step"))"
      + " on \(counted(explained.shots, example))"
    return ([title] + HospitalGroup.allCases.flatMap(section) + [legend(example)])
      .joined(separator: "\n\n") + "\n"
  }
}

// MARK: Groups

extension RelianceTable {
  private func section(of group: HospitalGroup) -> [String] {
    let hospitals = evaluation.explained(in: group)
    guard let means = evaluation.meanReliance(in: group) else { return [] }
    return [table(of: group, hospitals, means), lines(of: group, hospitals)]
  }

  /// The features, those first without which losses grow most after adaptation.
  private func ranked(_ features: [RelianceSums.Feature]) -> [Int] {
    features.indices.sorted {
      (features[$1].permutationAfter, $0) < (features[$0].permutationAfter, $1)
    }
  }

  private func table(
    of group: HospitalGroup, _ hospitals: [HospitalEvaluation], _ means: [RelianceSums.Feature]
  ) -> String {
    let order = ranked(means)
    let firsts = hospitals.compactMap { $0.reliance?.means.flatMap { ranked($0).first } }
    let rows = order.prefix(Self.featuresInBrief).map { feature in
      [
        "  " + explained.features[feature],
        change(means[feature].permutationBefore, means[feature].permutationAfter),
        change(means[feature].attributionBefore, means[feature].attributionAfter),
        "\(firsts.count { $0 == feature })",
      ]
    }
    let head = [
      "\(group.rawValue), mean of \(hospitals.count)", "permutation", "attribution", "first at",
    ]
    let more = order.count - rows.count
    return Grid([head] + rows, names: 1).text.dropLast()
      + (more > 0 ? "\n  \(more) more in results.json" : "")
  }

  private func change(_ before: Double, _ after: Double) -> String {
    "\(brief(before, decimals: 3)) → \(brief(after, decimals: 3))"
  }

  /// The features that come first at each hospital, by permutation.
  private func lines(of group: HospitalGroup, _ hospitals: [HospitalEvaluation]) -> String {
    let isLong = evaluation.hospitals.count > ResultsTable.hospitalsInFull
    let listed = hospitals.prefix(
      isLong ? (group == .heldOut ? ResultsTable.heldOutInBrief : 0) : .max)
    let lines = listed.map { hospital in
      let means = hospital.reliance?.means ?? []
      return ["  " + hospital.hospital]
        + (0..<Self.featuresOfHospital).map { place in
          let order = ranked(means)
          guard order.indices.contains(place) else { return "" }
          let feature = means[order[place]]
          return "\(explained.features[order[place]])"
            + " \(change(feature.permutationBefore, feature.permutationAfter))"
        }
    }
    let more = hospitals.count - listed.count
    return
      (lines.isEmpty ? "" : String(Grid(lines, names: 1 + Self.featuresOfHospital).text.dropLast()))
      + (more > 0 ? "\n  \(more) more in results.json" : "")
  }

  private func legend(_ example: String) -> String {
    let (loss, score) =
      scenario.task.kind == .classification
      ? ("log loss", scenario.model.loss == .meanSquaredError ? "probability" : "log odds")
      : ("squared error", "number")
    return """
        permutation  by how much the \(loss) grows when the feature is shuffled among those judged; at each
                     \(scenario.cohorts.by == .patient ? "patient" : "hospital") the first three are named with it
        attribution  how far the feature moves the predicted \(score) of a \(example) from that of the average one:
                     the mean magnitude of integrated gradients
        first at     at how many it comes first by permutation after adaptation
      """
  }
}

// MARK: Means

extension Evaluation {
  /// The hospitals of a group at which it can be told on what the model relies.
  func explained(in group: HospitalGroup) -> [HospitalEvaluation] {
    hospitals(in: group).filter { $0.reliance?.means != nil }
  }

  /// The means over the hospitals of a group, each counting the same; `nil` where there is none.
  func meanReliance(in group: HospitalGroup) -> [RelianceSums.Feature]? {
    let each = explained(in: group).compactMap { hospital in
      hospital.reliance.map { sums in
        RelianceSums(explained: 1, numbers: sums.numbers.map { $0 / sums.explained })
      }
    }
    guard let first = each.first else { return nil }
    return each.dropFirst().reduce(first, +).means
  }
}

// MARK: For programs

extension EvaluationJSON {
  /// Of which model it is told on what it relies, and the means over each group; nothing where of none.
  var explanation: [(name: String, value: JSON)] {
    guard let explained = evaluation.explained else { return [] }
    let means = HospitalGroup.allCases.map { group in
      JSON.object([
        ("group", .string(group.rawValue)),
        ("hospitals", .integer(evaluation.explained(in: group).count)),
        ("features", features(evaluation.meanReliance(in: group))),
      ])
    }
    return [
      (
        "explanation",
        .object([
          ("shots", .integer(explained.shots)), ("steps", .integer(explained.steps)),
          ("means", .array(means)),
        ])
      )
    ]
  }

  /// On what the model relies at a hospital; nothing where nothing was asked of the kind.
  func explanation(of hospital: HospitalEvaluation) -> [(name: String, value: JSON)] {
    guard evaluation.explained != nil else { return [] }
    return [("explanation", features(hospital.reliance?.means))]
  }

  private func features(_ means: [RelianceSums.Feature]?) -> JSON {
    guard let means, let names = evaluation.explained?.features else { return .array([]) }
    return .array(
      zip(names, means).map { name, feature in
        .object([
          ("feature", .string(name)),
          ("permutationBefore", .real(feature.permutationBefore)),
          ("permutationAfter", .real(feature.permutationAfter)),
          ("attributionBefore", .real(feature.attributionBefore)),
          ("attributionAfter", .real(feature.attributionAfter)),
        ])
      })
  }
}
