/// What `algorithm: auto` asks for: the methods of a scenario, each to be trained on the same hospitals,
/// with the same episodes and seed, for each hospital to choose among them by its own support sets.
public struct Selection: Equatable, Sendable {
  /// A way of learning.
  public struct Method: Equatable, Sendable {
    /// The name under which it was declared.
    public let name: String
    /// The scenario as the method has it.
    public let scenario: Scenario

    /// The method as a cell among the others.
    public var cell: SweepCell {
      SweepCell(
        overrides: [], conditions: [], method: name, seed: scenario.seed, scenario: scenario)
    }
  }

  /// The methods in the order in which they were declared: two or more, which differ in `algorithm`,
  /// `model` and `federation` alone.
  public let methods: [Method]

  /// The name of the scenario.
  public var name: String { methods.first?.scenario.name ?? "" }
}

extension Selection {
  /// Reads what a scenario's text asks for; `nil` where it is one scenario and no selection.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the name of the file, for messages.
  ///   - overrides: settings that replace those of the file and of every method, in order.
  ///   - method: `auto` asks for a selection where the scenario has an algorithm of its own; any other
  ///     is one scenario.
  ///   - seed: replaces the seed of the file and of the overrides.
  /// - Returns: the selection, with every default of every method filled in.
  /// - Throws: everything that is wrong with any of the methods, each problem once.
  public static func read(
    _ yaml: String, file: String, overrides: [Override] = [], method: String? = nil,
    seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Selection? {
    guard method == nil || method == Auto.word else { return nil }
    let findings = Findings(file: file)
    var (tree, methods) = try Scenario.parts(of: yaml, file, overrides, findings)
    let auto = Auto(takenFrom: &tree, overrides, method: method, isChosen: false)
    guard let place = auto.place else { return nil }
    if methods.names.count < 2 {
      findings.report(
        "found \(Auto.word) with \(methods.names.count == 0 ? "no methods" : "one method") to choose among",
        accepted: "two or more, declared under \(Methods.key)", at: "algorithm", place: place)
    }
    try findings.conclude()
    return Selection(
      methods: try all(methods.names) { name throws(ScenarioProblems) in
        try Scenario.read(
          yaml, file: file, overrides: overrides, method: name, seed: seed, isChosen: true)
      })
  }

  /// Reads what a scenario file asks for; see ``read(_:file:overrides:method:seed:)``.
  public static func read(
    path: String, overrides: [Override] = [], method: String? = nil, seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Selection? {
    try read(
      ScenarioFile(path).text(), file: path, overrides: overrides, method: method, seed: seed)
  }

  private static func all(
    _ names: [String], _ read: (String) throws(ScenarioProblems) -> Scenario
  ) throws(ScenarioProblems) -> [Method] {
    var methods: [Method] = []
    var problems: [ScenarioProblem] = []
    for name in names {
      do throws(ScenarioProblems) {
        methods.append(Method(name: name, scenario: try read(name)))
      } catch {
        problems += error.problems.filter { !problems.contains($0) }
      }
    }
    if !problems.isEmpty { throw ScenarioProblems(problems) }
    return methods
  }
}

// MARK: As a document

extension Selection {
  /// The selection as YAML, every default of every method filled in; reading it gives an equal one.
  public var yaml: String {
    guard let first = methods.first, case .mapping(let settings) = first.scenario.document else {
      return ""
    }
    let own = Methods.sections
    let common = settings.filter { !own.contains($0.key) }
    let methods = self.methods.map { method in
      (key: method.name, value: method.scenario.document.part(of: own))
    }
    return ScenarioDocument.mapping(
      common + [("algorithm", .text(Auto.word)), (Methods.key, .mapping(methods))]
    ).yaml
  }
}

extension ScenarioDocument {
  /// These keys of a mapping alone.
  fileprivate func part(of keys: [String]) -> ScenarioDocument {
    guard case .mapping(let entries) = self else { return self }
    return .mapping(entries.filter { keys.contains($0.key) })
  }
}
