import Federation
import MetaLearning
import Scenarios

/// What adaptation to new hospitals brought, whichever way it went, in a sentence or two.
struct Conclusion {
  let evaluation: Evaluation
  let scenario: Scenario

  /// The sentence.
  ///
  /// It speaks of held-out hospitals where there are any, and compares figures as the
  /// table shows them, so that the two never disagree.
  var sentence: String {
    guard let group else { return "No hospital could be judged." }
    let opening = group == .training ? absence : ""
    return opening
      + "\(subject(group)): \(movement(in: group))\(rivalry(in: group))\(limit(in: group))."
      + advice(in: group)
  }

  /// What is said before it where there are held-out hospitals, but none could be judged.
  private var absence: String {
    switch heldOut {
    case 0: ""
    case 1: "The held-out hospital could not be judged. "
    default: "None of the \(heldOut) held-out hospitals could be judged. "
    }
  }

  private var heldOut: Int { scenario.heldOutHospitals.count }

  /// The group that the sentence speaks of.
  private var group: HospitalGroup? {
    [HospitalGroup.heldOut, .training].first { !evaluation.hospitals(in: $0).isEmpty }
  }

  private var metric: Metric { Metric.reported(for: scenario.task.kind)[0] }

  private var measure: String { metric == .logLoss ? "log loss" : "error" }

  private func subject(_ group: HospitalGroup) -> String {
    let prefix = evaluation.final ? "" : "After \(counted(evaluation.round, "round")), "
    let tasks = scenario.cohorts.by == .patient ? "patients" : "hospitals"
    let training = "training \(tasks)" + (heldOut == 0 ? " (none was held out)" : "")
    let names = group == .heldOut ? "held-out \(tasks)" : training
    return evaluation.final ? names.prefix(1).uppercased() + names.dropFirst() : prefix + names
  }
}

// MARK: What adaptation did

extension Conclusion {
  private func movement(in group: HospitalGroup) -> String {
    let before = figure(of: .adapted(steps: 0), in: group)
    guard let steps, let after = figure(of: .adapted(steps: steps), in: group) else {
      guard let before else { return "no meta-parameters were judged" }
      return "without adaptation the mean \(measure) is \(before.text)"
    }
    let effort = "\(counted(shots, noun)) and \(counted(steps, "step"))"
    guard let before else { return "\(effort) reach a mean \(measure) of \(after.text)" }
    return "\(effort) \(verdict(from: before, to: after))"
  }

  private func verdict(from before: Figure, to after: Figure) -> String {
    switch (before.shown.isFinite, after.shown.isFinite) {
    case (true, true): break
    case (true, false):
      return
        "drive the mean \(measure) from \(before.text) to \(after.text): the inner loop diverges"
    case (false, true):
      return
        "reach a mean \(measure) of \(after.text), where it is \(before.text) before adaptation"
    case (false, false):
      return
        "have no mean \(measure): it is \(before.text) before adaptation and \(after.text) after it"
    }
    if after.shown < before.shown {
      return "bring the mean \(measure) from \(before.text) to \(after.text)"
    }
    if after.shown == before.shown { return "leave the mean \(measure) at \(after.text)" }
    return "raise the mean \(measure) from \(before.text) to \(after.text): adapting does harm here"
  }

  /// The inner steps that the sentence speaks of: those that training adapts with, or the most.
  private var steps: Int? {
    let judged = evaluation.contenders.compactMap { contender -> Int? in
      if case .adapted(let steps) = contender, steps > 0 { steps } else { nil }
    }
    let trained = scenario.algorithm.inner.steps
    return judged.contains(trained) ? trained : judged.max()
  }
}

// MARK: What it is compared with

extension Conclusion {
  private func rivalry(in group: HospitalGroup) -> String {
    guard let own = own(in: group), own.shown.isFinite else { return "" }
    let rivals = [
      (constantName, figure(of: .supportConstant, in: group)),
      ("that nothing changes", figure(of: .lastValue, in: group)),
      ("training on them alone", figure(of: .supportAlone, in: group)),
    ].compactMap { name, figure in figure.map { (name: name, figure: $0) } }
    // What is no number is neither above nor below another.
    let numbers = rivals.filter(\.figure.shown.isFinite)
    let beaten = numbers.filter { $0.figure.shown > own.shown }
    let others = numbers.filter { $0.figure.shown <= own.shown }
    return phrase(", below ", beaten)
      + phrase(beaten.isEmpty ? ", not below " : " but not below ", others)
      + phrase("; no finite number comes of ", rivals.filter { !$0.figure.shown.isFinite })
  }

  private func phrase(_ opening: String, _ rivals: [(name: String, figure: Figure)]) -> String {
    guard !rivals.isEmpty else { return "" }
    return opening + rivals.map { "\($0.name) (\($0.figure.text))" }.listed
  }

  private func limit(in group: HospitalGroup) -> String {
    figure(of: .bestReachable, in: group).map { "; best reachable \($0.text)" } ?? ""
  }

  /// The figure that is compared: after adaptation where that was judged.
  private func own(in group: HospitalGroup) -> Figure? {
    steps.flatMap { figure(of: .adapted(steps: $0), in: group) }
      ?? figure(of: .adapted(steps: 0), in: group)
  }

  private var constantName: String {
    scenario.task.kind == .classification ? "predicting their majority" : "predicting their mean"
  }
}

// MARK: What is recommended

extension Conclusion {
  /// What recommended doses cost, where there are doses to choose from.
  private func advice(in group: HospitalGroup) -> String {
    guard scenario.hasDoses, let steps,
      let own = figure(.regret, of: .adapted(steps: steps), in: group)
    else { return "" }
    let others = [
      ("those of the model before adaptation", Contender.adapted(steps: 0)),
      ("of a model of these records alone", .supportAlone), ("one dose for all", .fixedDose),
    ].compactMap { name, contender in
      figure(.regret, of: contender, in: group).map { "\(name) by \($0.text)" }
    }
    return " The doses that it then recommends fall short of the best by \(own.text)"
      + (others.isEmpty ? "." : "; \(others.listed).")
  }
}

// MARK: Figures

extension Conclusion {
  /// A figure as the table shows it.
  private struct Figure {
    let text: String
    let shown: Double

    init(_ value: Double, of metric: Metric) {
      text = metric.text(value)
      shown = Double(text) ?? value
    }
  }

  private func figure(of contender: Contender, in group: HospitalGroup) -> Figure? {
    figure(metric, of: contender, in: group)
  }

  private func figure(
    _ metric: Metric, of contender: Contender, in group: HospitalGroup
  ) -> Figure? {
    guard let place = evaluation.contenders.firstIndex(of: contender), let shotsPlace else {
      return nil
    }
    return evaluation.mean(metric, in: group, shots: shotsPlace, contender: place)
      .map { Figure($0, of: metric) }
  }

  /// The size of support set that the sentence speaks of: that of training, or the largest.
  private var shotsPlace: Int? {
    evaluation.shots.firstIndex(of: scenario.task.support)
      ?? evaluation.shots.indices.max { evaluation.shots[$0] < evaluation.shots[$1] }
  }

  private var shots: Int { shotsPlace.map { evaluation.shots[$0] } ?? 0 }

  private var noun: String { evaluation.example(of: scenario.cohorts) }
}

extension Evaluation {
  /// What one example is called: points where tasks make their own, records where patients have many,
  /// else patients.
  func example(of cohorts: CohortPlan) -> String {
    guard hospitals.contains(where: { $0.patients != nil }) else { return "point" }
    return cohorts.source.isOfRecords ? "record" : "patient"
  }
}

extension [String] {
  /// The members as a list in words: `a, b and c`.
  var listed: String {
    guard count > 2, let last else { return joined(separator: " and ") }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
