/// A key whose values are varied: `algorithm.inner.steps=1,3,5`.
///
/// The values are YAML, told apart by commas; a comma within brackets, braces or quotes is part of a
/// value: `evaluation.steps=[0, 1],[0, 5]`.
public struct Variation: Sendable {
  /// The dotted path of the key.
  public let key: String
  /// Each value with its key, as an override.
  public let overrides: [Override]

  /// Reads `key.path=value,value,…`.
  ///
  /// - Throws: What is wrong with it as with an override: no `=`, an empty key, a value that is not YAML.
  public init(_ text: String) throws(ScenarioProblems) {
    // Whatever is wrong before the values is wrong of an override, too.
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw ScenarioProblems(
        [
          ScenarioProblem(
            file: "", place: .override("--vary \(text)"), path: "", found: "no values to vary",
            accepted: "key.path=value,value, such as algorithm.inner.steps=1,3,5")
        ])
    }
    key = String(text[..<equals])
    var overrides: [Override] = []
    for value in Self.values(in: text[text.index(after: equals)...]) {
      let setting = "\(key)=\(value)"
      overrides.append(try Override(setting, from: "--vary \(setting)"))
    }
    self.overrides = overrides
  }

  /// The texts between the commas that stand outside of brackets, braces and quotes.
  private static func values(in text: Substring) -> [String] {
    var values = [""]
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "[{".contains(character) {
        depth += 1
      } else if "]}".contains(character) {
        depth -= 1
      } else if character == ",", depth == 0 {
        values.append("")
        continue
      }
      values[values.count - 1].append(character)
    }
    return values.map { String($0.drop { $0 == " " }) }
  }
}

/// One combination of the values of a sweep, and the scenario that it makes.
public struct SweepCell: Sendable {
  /// The value of each key that is varied, as it was given.
  public let overrides: [Override]
  /// Settings that tell it from others as well, and that nobody has to be told: who validates a trial.
  public let conditions: [Override]
  /// The method, where methods are compared.
  public let method: String?
  /// The seed, where seeds are varied.
  public let seed: UInt64?
  /// What is to be run.
  public let scenario: Scenario
}

extension SweepCell {
  /// Every combination of values and seeds, the last key varying fastest but for the seed.
  ///
  /// - Parameters:
  ///   - path: The path of the scenario file.
  ///   - overrides: Settings that hold for all cells.
  ///   - variations: Keys and their values.
  ///   - methods: Methods of the scenario; nil is the scenario as it is.
  ///   - seeds: Replace the scenario's; nil leaves it.
  /// - Returns: The cells, each with the scenario that it comes to.
  /// - Throws: Everything that is wrong in any cell, each problem once; where nothing is, that cells come
  ///   to the same scenario.
  public static func all(
    of path: String, overrides: [Override], variations: [Variation], methods: [String?] = [nil],
    seeds: [UInt64?]
  ) throws(ScenarioProblems) -> [SweepCell] {
    let settings = methods.flatMap { method in
      combinations(of: variations).map { (method, $0, [Override]()) }
    }
    let cells = try all(
      of: path, overrides: overrides,
      settings: settings.flatMap { method, values, conditions in
        seeds.map { (method, values, conditions, $0) }
      })
    try cells.checkDifference()
    return cells
  }

  /// A cell for each of `settings`: a method, values, conditions and a seed.
  ///
  /// - Throws: Everything that is wrong in any cell, each problem once.
  public static func all(
    of path: String, overrides: [Override],
    settings: [(method: String?, values: [Override], conditions: [Override], seed: UInt64?)]
  ) throws(ScenarioProblems) -> [SweepCell] {
    var cells: [SweepCell] = []
    var problems: [ScenarioProblem] = []
    for (method, values, conditions, seed) in settings {
      do throws(ScenarioProblems) {
        let scenario = try Scenario.read(
          path: path, overrides: overrides + values + conditions, method: method, seed: seed)
        cells.append(
          SweepCell(
            overrides: values, conditions: conditions, method: method, seed: seed,
            scenario: scenario))
      } catch {
        for problem in error.problems where !problems.contains(problem) {
          problems.append(problem)
        }
      }
    }
    if !problems.isEmpty { throw ScenarioProblems(problems) }
    return cells
  }

  /// Every combination of a value of each key, the last varying fastest; one of nothing where there is no key.
  public static func combinations(of variations: [Variation]) -> [[Override]] {
    variations.reduce([[]]) { combinations, variation in
      combinations.flatMap { values in variation.overrides.map { values + [$0] } }
    }
  }
}

extension Override {
  /// The value as it was given.
  public var valueText: String {
    String(text[(text.firstIndex(of: "=") ?? text.startIndex)...].dropFirst())
  }
}
