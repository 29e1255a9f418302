import Federation
import MetaLearning
import Scenarios

/// An evaluation as text: a table for each size of support set.
struct ResultsTable {
  /// Hospitals up to which every one has a row.
  static let hospitalsInFull = 400
  /// Held-out hospitals that have a row where there are more than that.
  static let heldOutInBrief = 12
  /// Columns within which the blocks of two metrics stand side by side.
  static let width = 120

  let evaluation: Evaluation
  let scenario: Scenario

  private var kind: TaskPlan.Kind { scenario.task.kind }

  /// The tables and below them what their columns mean.
  var text: String {
    let tables = evaluation.shots.indices.flatMap { shots in
      pages.map { text(of: $0, shots: shots) }
    }
    return (tables + [legend]).joined(separator: "\n")
  }
}

// MARK: Layout

extension ResultsTable {
  /// Columns that stand side by side.
  private struct Page {
    let metrics: [Metric]
    let contenders: [Int]
  }

  /// All columns on one page if they fit; else a page a metric; else several of these.
  private var pages: [Page] {
    let metrics = Metric.tabulated(for: kind, choosing: scenario.hasDoses)
    let contenders = evaluation.contenders.indices.filter {
      !evaluation.contenders[$0].isValidation
    }
    let whole = Page(metrics: metrics, contenders: contenders)
    if marginWidth + metrics.reduce(0, { $0 + blockWidth($1, on: whole) }) <= Self.width {
      return [whole]
    }
    return metrics.flatMap { metric in
      let room = (Self.width - marginWidth - 2) / columnWidth(metric)
      return stride(from: 0, to: contenders.count, by: room).map { first in
        Page(metrics: [metric], contenders: Array(contenders.dropFirst(first).prefix(room)))
      }
    }
  }

  private var marginWidth: Int { nameWidth + 10 }

  private var nameWidth: Int {
    let names = evaluation.hospitals.map(\.hospital.count) + ["mean of 100".count]
    return min(20, (names.max() ?? 0) + 2)
  }

  private func columnWidth(_ metric: Metric) -> Int { metric == .accuracy ? 6 : 7 }

  private func blockWidth(_ metric: Metric, on page: Page) -> Int {
    2 + page.contenders.count * columnWidth(metric)
  }

  /// A heading with a rule to its right.
  private func ruled(_ heading: String, width: Int) -> String {
    heading + " " + String(repeating: "─", count: max(0, width - heading.count - 1))
  }

  private func line(_ name: String, _ patients: String, _ cells: [String]) -> String {
    let line = name.trailing(nameWidth) + patients.leading(10) + cells.joined()
    return String(line.trimmingEnd())
  }

  private func cells(_ page: Page, _ text: (Metric, Int) -> String) -> [String] {
    page.metrics.map { metric in
      "  "
        + page.contenders
        .map { text(metric, $0).leading(columnWidth(metric)) }.joined()
    }
  }
}

// MARK: Rows

extension ResultsTable {
  private func text(of page: Page, shots: Int) -> String {
    let example = evaluation.example(of: scenario.cohorts)
    let title =
      "After \(counted(evaluation.round, "round")); "
      + "\(counted(evaluation.shots[shots], example)) to adapt on"
    let headings = page.metrics.map {
      "    " + ruled($0.heading, width: blockWidth($0, on: page) - 4)
    }
    let head = [
      title, "", line("", "", headings),
      line(
        isOfPatients ? "patient" : "hospital", isOfPatients ? "records" : "patients",
        cells(page) { columnName(evaluation.contenders[$1]) }),
    ]
    let body = HospitalGroup.allCases.flatMap { rows(of: $0, page, shots: shots) }
    return (head + body + remarks).joined(separator: "\n") + "\n"
  }

  private func rows(of group: HospitalGroup, _ page: Page, shots: Int) -> [String] {
    let hospitals = evaluation.hospitals(in: group)
    guard !hospitals.isEmpty else { return [] }
    let listed = hospitals.prefix(listed(in: group))
    let rows = listed.map { row(of: $0, page, shots: shots) }
    return [group.rawValue] + rows + more(hospitals.count - listed.count)
      + [meanRow(of: group, hospitals, page, shots: shots)]
  }

  private func listed(in group: HospitalGroup) -> Int {
    guard evaluation.hospitals.count > Self.hospitalsInFull else { return .max }
    return group == .heldOut ? Self.heldOutInBrief : 0
  }

  private func more(_ count: Int) -> [String] {
    count > 0 ? ["  \(count) more in results.json"] : []
  }

  private func row(of hospital: HospitalEvaluation, _ page: Page, shots: Int) -> String {
    line(
      "  " + hospital.hospital, hospital.patients.map(String.init) ?? "–",
      cells(page) { metric, contender in
        metric.text(
          hospital.sums(shots: shots, contender: contender).flatMap(metric.value(of:)))
      })
  }

  private func meanRow(
    of group: HospitalGroup, _ hospitals: [HospitalEvaluation], _ page: Page, shots: Int
  ) -> String {
    line(
      "  mean of \(hospitals.count)", meanPatients(of: hospitals),
      cells(page) { metric, contender in
        metric.text(evaluation.mean(metric, in: group, shots: shots, contender: contender))
      })
  }

  private func meanPatients(of hospitals: [HospitalEvaluation]) -> String {
    let patients = hospitals.compactMap(\.patients)
    guard !patients.isEmpty else { return "–" }
    return fixed(Double(patients.reduce(0, +)) / Double(patients.count), decimals: 0)
  }

  /// A line for each hospital that was not judged, up to a number.
  private var remarks: [String] {
    let declined = evaluation.hospitals.compactMap { hospital in
      hospital.declined.map { "  \(hospital.hospital) declined: \($0)" }
    }
    let silent = evaluation.missing.map { "  \($0) did not answer" }
    let lines = declined + silent
    return Array(lines.prefix(Self.heldOutInBrief)) + more(lines.count - Self.heldOutInBrief)
  }
}

// MARK: Columns

extension ResultsTable {
  /// Whether a task is a patient, and its examples are records.
  private var isOfPatients: Bool { scenario.cohorts.by == .patient }
}

extension ResultsTable {
  private func columnName(_ contender: Contender) -> String {
    switch contender {
    case .supportConstant: kind == .classification ? "major" : "mean"
    case .supportAlone: "alone"
    case .lastValue: "last"
    case .supportLinear: "lin"
    case .intercept: "shift"
    case .fixedDose: "fixed"
    case .bestReachable: "best"
    case .personal: "own"
    case .pooled: "pool"
    case .adapted(let steps), .validated(let steps): "\(steps)"
    }
  }

  /// What the columns mean, a line each; the steps share one.
  private var legend: String {
    var lines: [String] = []
    for contender in evaluation.contenders where !contender.isValidation {
      let meaning = meaning(of: contender)
      if !lines.contains(meaning) { lines.append(meaning) }
    }
    return (lines + origin).joined(separator: "\n") + "\n"
  }

  /// Where the patients of training hospitals come from, which held-out hospitals are not asked.
  private var origin: [String] {
    guard evaluation.hospitals(in: .training).contains(where: { $0.patients != nil }) else {
      return []
    }
    return [
      "  At training hospitals the support sets are drawn from patients that the meta-parameters were",
      "  trained on; judged are patients that were kept apart.",
    ]
  }

  private func meaning(of contender: Contender) -> String {
    switch contender {
    case .supportConstant: constant
    case .supportAlone: "  alone  \(alone) on the support set alone, from fresh parameters"
    case .lastValue: "  last   that nothing changes after the last value known"
    case .supportLinear:
      "  lin    \(kind == .classification ? "logistic" : "ridge") regression of the support set alone, its"
        + " penalty chosen within it" + (classes > 2 ? ", of each class against the rest" : "")
    case .intercept:
      "  shift  the meta-parameters as they are, and an intercept fitted on the support set"
    case .fixedDose: "  fixed  the same dose for everybody, the one that is best on average"
    case .bestReachable: "  best   the true risks: the best that can be reached"
    case .pooled:
      "  pool   trained on the patients of all training hospitals together, which breaks locality"
    case .personal:
      "  own    the model that the hospital keeps for itself from round to round, as it is"
    case .adapted, .validated: "  0, 1…  the meta-parameters after so many steps on the support set"
    }
  }
}

extension ResultsTable {
  /// How many classes there are, if any.
  private var classes: Int { scenario.cohorts.source.classes ?? 0 }

  private var constant: String {
    guard kind == .classification else { return "  mean   the mean of the support set" }
    return classes > 2
      ? "  major  the share of each class in the support set, smoothed: (n_c + 1) / (n + \(classes))"
      : "  major  the share of class 1 in the support set, smoothed: (n₁ + 1) / (n + 2)"
  }

  private var alone: String {
    let plan = scenario.evaluation.alone
    return "\(counted(plan.steps, "step")) at rate \(plan.rate)"
  }
}

extension String {
  fileprivate func trimmingEnd() -> Substring {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return self[...last]
  }
}
