import Scenarios

// The rules that make hospitals differ, in words.

extension ScenarioPortrait {
  /// A rule in words and as a formula.
  struct RuleWords {
    let kind: String
    let name: String
    let sentence: String
    let formula: String

    init(_ rule: HeterogeneityRulePlan, sentence: String? = nil) {
      kind = rule.kind
      name = rule.name
      self.sentence = sentence ?? rule.sentence
      formula = rule.formula
    }
  }

  /// The rules of the scenario, the drifts of its timeline, and those that chance draws.
  var ruleWords: [RuleWords] {
    scenario.rules.map { RuleWords($0) }
      + scenario.faults.compactMap { fault in
        fault.rule.map { RuleWords($0, sentence: fault.ruleSentence) }
      }
  }

  /// The sentences of the rules of which no figure of a round tells: of what goes by time nobody knows
  /// the round beforehand.
  var uncounted: [String] { scenario.rules.filter { $0.fromTime != nil }.map(\.sentence) }

  /// What is said before counts that are not all that there is to say.
  var reserve: [String] {
    guard !uncounted.isEmpty else { return [] }
    let drifts =
      uncounted.count == 1 ? "the drift that goes" : "the \(uncounted.count) drifts that go"
    return ["  without \(drifts) by time: in which round that is nobody knows beforehand"]
  }
}
