import Cohorts
public import Federation
public import Scenarios
import Tensors

/// A scenario in words, formulas and counts: what makes its hospitals differ, and how far they do.
public struct ScenarioPortrait {
  /// Hospitals up to which every one has a row.
  static let hospitalsInFull = 24
  /// Hospitals up to which every pair has its distance.
  static let hospitalsInMatrix = 12

  let scenario: Scenario
  let census: Census
  let distances: LabelDistances
  /// The scenario as each method has it that is trained: itself, but where hospitals choose among several.
  let methods: [Scenario]

  /// A portrait of `scenario`, whose patients have been counted, with what each of `methods` sends, or the
  /// scenario's own.
  public init(of scenario: Scenario, census: Census, methods: [Scenario] = []) {
    self.scenario = scenario
    self.methods = methods.isEmpty ? [scenario] : methods
    self.census = census
    distances = LabelDistances(
      census.hospitals.map { $0.patients > 0 ? $0.shares : nil }, seed: scenario.seed)
  }

  var sizes: [Int] { census.hospitals.map(\.patients) }

  /// The portrait as text; with block characters where it goes to a terminal.
  public func text(for stream: StandardStream) -> String {
    let ink = Ink(isPlain: ProgressStyle.fitting(stream) == .plain)
    return
      ([heading, rules] + course + hospitals(ink) + methods.map { ExchangeTable(of: $0).text })
      .joined(separator: "\n")
  }
}

/// How bars are drawn.
struct Ink {
  let isPlain: Bool

  /// A bar of at most `width` characters for a share from 0 to 1.
  func bar(_ share: Double, width: Int) -> String {
    let full = Int((min(1, max(0, share)) * Double(width)).rounded())
    return String(repeating: isPlain ? "#" : "█", count: full)
      + String(repeating: isPlain ? "." : "░", count: width - full)
  }

  /// A character a share, the higher the larger relative to the largest.
  func profile(_ shares: [Double]) -> String {
    let signs = Array(isPlain ? "0123456789" : " ▁▂▃▄▅▆▇█")
    let largest = max(shares.max() ?? 0, .leastNormalMagnitude)
    return String(shares.map { signs[Int(($0 / largest * Double(signs.count - 1)).rounded())] })
  }
}

// MARK: Words

extension ScenarioPortrait {
  /// What a task is called here, and what it has.
  private var words: (task: String, examples: String, opening: String) {
    scenario.cohorts.by == .patient
      ? ("patient", "records", "Records") : ("hospital", "patients", "Patients")
  }

  private var heading: String {
    let count = scenario.cohorts.hospitals.count
    let held = scenario.heldOutHospitals.count
    return "\(scenario.name): \(scenario.summary)\n"
      + "\(counted(count, words.task)), \(held) of them held out; \(scenario.cohorts.source.phrase);"
      + " seed \(scenario.seed)\n"
  }

  private var rules: String { partition + ruleLines }

  /// How hospitals come of those of the source; nothing where they are these.
  private var partition: String {
    guard scenario.cohorts.partition != nil else { return "" }
    let lines = scenario.cohorts.partitionSentences.flatMap { sentence in
      ["  " + sentence.text] + (sentence.formula.map { ["    " + $0] } ?? [])
    }
    return (["How patients come to hospitals"] + lines).joined(separator: "\n") + "\n\n"
  }

  private var ruleLines: String {
    guard !ruleWords.isEmpty else { return "No rules of heterogeneity.\n" }
    let width = (ruleWords.map(\.name.count).max() ?? 0) + 2
    let lines = ruleWords.flatMap { rule in
      [
        "  " + rule.name.trailing(width) + rule.sentence,
        "  " + "".trailing(width) + rule.formula,
      ]
    }
    return (["What makes hospitals differ"] + lines).joined(separator: "\n") + "\n"
  }
}

extension CohortSourcePlan {
  fileprivate var phrase: String {
    switch self {
    case .synthetic(let plan):
      "synthetic patients with \(plan.features) features, about \(plan.patients) a hospital"
    case .heartDisease: "the patients of heart-disease"
    case .strokeTrial: "the patients of ist"
    case .published(let plan): "the patients of \(plan.dataSet.rawValue)"
    case .tenClasses(let plan):
      "synthetic points of ten classes, α = \(fixed(plan.alpha, decimals: 2)), β ="
        + " \(fixed(plan.beta, decimals: 2)), drawn with seed \(plan.seed)"
    case .doses(let plan): "synthetic patients with \(plan.records) records of doses each"
    case .sinusoid: "sine waves, drawn anew for every episode"
    }
  }
}

// MARK: Counts

extension ScenarioPortrait {
  private func hospitals(_ ink: Ink) -> [String] {
    guard !census.hospitals.isEmpty else { return ["Tasks make their own points: no patients.\n"] }
    let counts = census.hospitals.count > Self.hospitalsInFull ? summary(ink) : rows(ink)
    return [counts, matrix(ink), measures].compactMap(\.self)
  }

  /// Whether the share of class 1 says all of a hospital's labels.
  private var isOfTwoClasses: Bool { census.isOfClasses && census.labels.count == 2 }

  /// Whether hospitals have patients of whom each has records.
  var countsRecords: Bool { scenario.cohorts.source.isOfRecords && scenario.cohorts.by != .patient }

  /// What labels are shown under.
  private var labelTitle: String {
    guard census.isOfClasses else { return "outcome, in tenths of all" }
    return isOfTwoClasses ? "class 1" : "classes 0 to \(census.labels.count - 1)"
  }

  private func rows(_ ink: Ink) -> String {
    let width = min(22, (census.hospitals.map(\.name.count).max() ?? 0) + 2)
    let largest = Double(max(1, sizes.max() ?? 1))
    let records = countsRecords ? "records".leading(9) : ""
    let head =
      "  " + "".trailing(width) + words.examples.leading(8) + "".leading(14) + records
      + (countsRecords ? "  " : "") + labelTitle
    let rows = census.hospitals.map { hospital in
      "  " + (hospital.name + (hospital.isHeldOut ? "*" : "")).trailing(width)
        + String(hospital.patients).leading(8) + "  "
        + ink.bar(Double(hospital.patients) / largest, width: 10) + "  "
        + (countsRecords ? String(hospital.records).leading(9) + "  " : "")
        + labels(of: hospital, ink) + lack(of: hospital)
    }
    let note = scenario.heldOutHospitals.isEmpty ? "" : " (* held out)"
    return ([opening + note] + reserve + [head] + rows).joined(separator: "\n") + "\n"
  }

  private var opening: String { "\(words.opening) in round \(census.round)" }

  private func labels(of hospital: Census.Hospital, _ ink: Ink) -> String {
    guard isOfTwoClasses else { return ink.profile(hospital.shares) }
    return fixed(hospital.shares[1], decimals: 2) + " " + ink.bar(hospital.shares[1], width: 20)
  }

  private func lack(of hospital: Census.Hospital) -> String {
    hospital.missing > 0 ? "  \(fixed(100 * hospital.missing, decimals: 0)) % missing" : ""
  }

  /// Many hospitals: how sizes and shares are spread over them.
  private func summary(_ ink: Ink) -> String {
    var lines = ["\(opening), over \(census.hospitals.count) \(words.task)s"] + reserve
    lines.append("  " + spread(words.examples, sizes.map { Double($0) }, decimals: 0))
    if countsRecords {
      let records = census.hospitals.map { Double($0.records) }
      lines.append("  " + spread("records", records, decimals: 0))
    }
    guard census.isOfClasses else { return lines.joined(separator: "\n") + "\n" }
    let peopled = census.hospitals.filter { $0.patients > 0 }
    guard !peopled.isEmpty else { return lines.joined(separator: "\n") + "\n" }
    let shares = peopled.map { isOfTwoClasses ? $0.shares[1] : $0.shares.max() ?? 0 }
    lines.append("  " + spread(isOfTwoClasses ? "class 1" : "majority", shares, decimals: 2))
    lines.append(
      "  hospitals by their share of \(isOfTwoClasses ? "class 1" : "the class that most have")")
    for tenth in 0..<10 {
      let within = shares.count { min(9, Int($0 * 10)) == tenth }
      let bar = ink.bar(Double(within) / Double(shares.count), width: 40)
      lines.append("    0.\(tenth)… " + bar + " \(within)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func spread(_ name: String, _ numbers: [Double], decimals: Int) -> String {
    let sorted = numbers.sorted()
    let quantiles = [0, 0.1, 0.5, 0.9, 1].map { share in
      fixed(sorted[Int((Double(sorted.count - 1) * share).rounded())], decimals: decimals)
    }
    return name.trailing(10)
      + zip(["least", "a tenth below", "median", "a tenth above", "most"], quantiles)
      .map { "\($0) \($1)" }.joined(separator: ", ")
  }

  // MARK: Measures

  private func matrix(_ ink: Ink) -> String? {
    let names = census.hospitals.map(\.name)
    guard names.count > 1, names.count <= Self.hospitalsInMatrix else { return nil }
    let width = min(14, (names.map(\.count).max() ?? 0) + 2)
    let rows = names.indices.dropFirst().map { row in
      "  " + names[row].trailing(width)
        + (0..<row).map {
          (distances.between(row, $0).map { fixed($0, decimals: 2) } ?? "–").leading(6)
        }.joined()
    }
    let foot =
      "  " + "".trailing(width)
      + names.dropLast().map { String($0.prefix(5)).leading(6) }.joined()
    return (["Jensen-Shannon distance of labels (0 alike, 1 no label in common)"] + rows + [foot])
      .joined(separator: "\n") + "\n"
  }

  private var measures: String {
    let size = fixed(LabelMeasures.effectivePatients(sizes: sizes), decimals: 0)
    let spread = fixed(LabelMeasures.effectiveHospitals(sizes: sizes), decimals: 1)
    let summary = distances.summary.map { summary in
      "Jensen-Shannon distance over \(counted(summary.pairs, summary.isSample ? "drawn pair" : "pair"))"
        + ": mean \(fixed(summary.mean, decimals: 3)), median \(fixed(summary.median, decimals: 3)),"
        + " largest \(fixed(summary.largest, decimals: 3))\n"
    }
    let empty =
      distances.without == 0
      ? ""
      : "\(counted(distances.without, words.task)) without \(words.examples) in no pair and no"
        + " share\n"
    return (summary ?? "") + empty
      + "Effective sample size \(size) of \(sizes.reduce(0, +)) \(words.examples), every \(words.task) counting the"
      + " same; sizes as of \(spread) equal \(words.task)s\n"
  }
}
