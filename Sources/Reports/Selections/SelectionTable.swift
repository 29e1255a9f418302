import Federation
import Scenarios

/// Who chose what among the methods of a selection, for people.
struct SelectionTable {
  let result: SelectionResult

  private var metric: Metric { result.metric }
  private var scenario: Scenario? { result.selection.methods.first?.scenario }
  private var isOfPatients: Bool { scenario?.cohorts.by == .patient }
  private var unit: String {
    scenario?.cohorts.source.isOfRecords == true ? "record" : "patient"
  }
  private var task: String { isOfPatients ? "patient" : "hospital" }

  /// All tables, and the closing sentence.
  var text: String {
    ([opening]
      + result.groups.flatMap {
        [table($0), $0.choices.text(among: result.methods) + gains($0), list($0)]
      }
      + [remarks + conclusion + "\n"]).joined(separator: "\n")
  }

  private var opening: String {
    """
    All of \(result.selection.methods.map(\.name).joined(separator: ", ")) were trained, one after the other; each \(task) then chose, by
    \(scenario?.evaluation.validation ?? 0) parts of its support sets predicted from the rest, the method and the steps that serve it.

    """
  }

  private func name(_ group: HospitalGroup) -> String {
    "\(group == .heldOut ? "held-out" : "training") \(task)s"
  }

  // MARK: Tables

  private func table(_ group: GroupChoices) -> String {
    let shots = group.figures.shots
    let head = ["\(unit)s to adapt on"] + shots.map { "\($0)" }
    let own = ["each \(task)'s choice"] + shots.map { metric.text(mean(group, $0)) }
    let lines = result.methods.map { method in
      ["all with \(method)"]
        + shots.map { shots in
          group.rule(method, shots: shots).map {
            "\(metric.text($0.mean)) (\(steps($0.contender)))"
          }
            ?? "\u{2013}"
        }
    }
    return
      "\(metric.heading) of \(counted(group.figures.places.count, name(group.group).dropLast() + ""))"
      + ", in brackets the steps that did best at training \(task)s\n\n"
      + Grid([head, own] + lines, names: 1).text
  }

  private func mean(_ group: GroupChoices, _ shots: Int) -> Double? {
    group.own(shots: shots).flatMap { ComparedFigures.mean($0.compactMap { $0 }) }
  }

  private func steps(_ contender: String) -> String {
    String(contender.drop { $0 != "-" }.dropFirst())
  }

  private func gains(_ group: GroupChoices) -> String {
    group.figures.shots.map { shots in
      let rules = self.rules(group, shots).map { name, rule in
        "all with \(rule.method), \(name): \(difference(rule))"
      }
      return "with \(shots), against " + rules.joined(separator: "; ") + "\n"
    }.joined()
  }

  /// The rules that what hospitals chose is set against; one of them where the two are the same.
  private func rules(_ group: GroupChoices, _ shots: Int) -> [(
    name: String, rule: GroupChoices.Rule
  )] {
    let best = group.best(shots: shots)
    let isSame = best == result.methods.first
    let named = [
      (result.methods.first, isSame ? "the first and the best at training \(task)s" : "the first"),
      (isSame ? nil : best, "the best at training \(task)s"),
    ]
    return named.compactMap { method, name in
      method.flatMap { group.rule($0, shots: shots) }.map { (name: name, rule: $0) }
    }
  }

  private func difference(_ rule: GroupChoices.Rule) -> String {
    let ends = rule.gain.interval.map { " (\(signed($0.low)) to \(signed($0.high)))" } ?? ""
    return signed(rule.gain.mean) + ends
  }

  private func signed(_ number: Double?) -> String {
    guard let number else { return "\u{2013}" }
    return (number >= 0 ? "+" : "\u{2212}") + brief(number.magnitude, decimals: 3)
  }

  /// The choice of each hospital, of at most as many as are listed anywhere.
  private func list(_ group: GroupChoices) -> String {
    let places = group.figures.places
    let head = ["who chose what, with so many"] + group.figures.shots.map { "\($0)" }
    let lines = places.indices.prefix(ScenarioPortrait.hospitalsInFull).map { place in
      [result.hospital(places[place])]
        + group.figures.shots.map { shots in
          group.choices.byShots[shots]?[place].map { "\($0.method) \(steps($0.contender))" }
            ?? "\u{2013}"
        }
    }
    let more = places.count - lines.count
    return Grid([head] + lines, names: 1).text
      + (more > 0 ? "  \(more) more in choices.csv\n" : "")
  }

  private var remarks: String {
    result.results.filter { $0.outcome != "finished" }.map {
      "left out: \($0.cell.method ?? ""), \($0.outcome): \($0.file.reason ?? "")\n"
    }.joined()
  }

  // MARK: The closing sentence

  /// What choosing came to, whichever way it went.
  var conclusion: String {
    guard let group = result.groups.first, let shots = shots(of: group),
      let own = mean(group, shots)
    else { return "No \(task) had anything to choose by." }
    let rules = self.rules(group, shots).map { name, rule in
      "\(movement(rule.gain.mean ?? 0)) all with \(rule.method), \(name)"
    }
    let bytes = result.traffic.map {
      "; training all \(result.results.count) sent \(inBytes($0.down)) to hospitals, and they sent \(inBytes($0.up))"
    }
    let names = name(group.group)
    return names.prefix(1).uppercased() + names.dropFirst()
      + " that choose for themselves: \(counted(shots, unit)) reach a mean \(metric.heading) of"
      + " \(metric.text(own)), \(rules.joined(separator: ", and "))\(bytes ?? "")."
  }

  private func movement(_ gain: Double) -> String {
    let size = brief(gain.magnitude, decimals: 3)
    guard (Double(size) ?? gain) != 0 else { return "as with" }
    return "\(size) \(gain < 0 ? "below" : "above")"
  }

  /// The size of support set that the sentence speaks of: that of training, or the largest.
  private func shots(of group: GroupChoices) -> Int? {
    let support = scenario?.task.support
    return group.figures.shots.first { $0 == support } ?? group.figures.shots.last
  }
}

extension SelectionResult {
  /// The name of a hospital, without the seed, of which there is but one.
  func hospital(_ place: PairedBootstrap.Place) -> String {
    let seed = ", seed \(place.seed)"
    return place.hospital.hasSuffix(seed)
      ? String(place.hospital.dropLast(seed.count)) : place.hospital
  }
}
