extension Scenario {
  /// Reads a scenario from YAML text.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the name of the file, for messages; a file that it extends is looked for beside it.
  ///   - overrides: settings that replace those of the file, in order.
  ///   - method: one of its `methods`, or an algorithm, whose settings are laid over the file's
  ///     before other overrides are.
  ///   - seed: replaces the seed of the file and of the overrides.
  /// - Returns: the scenario, with every default filled in.
  /// - Throws: everything that is wrong, in the order of the file; also `algorithm: auto` without a method,
  ///   which is a ``Selection``.
  public static func read(
    _ yaml: String, file: String, overrides: [Override] = [], method: String? = nil,
    seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Scenario {
    try read(
      yaml, file: file, overrides: overrides, method: method, seed: seed, isChosen: false)
  }

  /// The same, of a method that is one of those that hospitals choose among, if it is.
  static func read(
    _ yaml: String, file: String, overrides: [Override], method: String?, seed: UInt64?,
    isChosen: Bool
  ) throws(ScenarioProblems) -> Scenario {
    let findings = Findings(file: file)
    var (tree, methods) = try parts(of: yaml, file, overrides, findings)
    let auto = Auto(takenFrom: &tree, overrides, method: method, isChosen: isChosen)
    if let place = auto.place, method == nil || method == Auto.word {
      findings.reportChoice(at: place)
      try findings.conclude()
    }
    if let method { tree = methods.lay(method, over: tree) }
    for override in overrides where !override.isOfMethods && !Auto.asks(override) {
      tree.apply(override, findings: findings)
    }
    let read = ScenarioReader(findings: findings).scenario(tree)
    if auto.place != nil, read.evaluation.validation == 0 { findings.reportNoValidation() }
    try findings.conclude()
    var scenario = read
    if let seed { scenario.seed = seed }
    return scenario
  }

  /// Reads a scenario from a file of at most a mebibyte.
  ///
  /// - Parameters:
  ///   - path: the path of the file.
  ///   - overrides: settings that replace those of the file, in order.
  ///   - method: one of its `methods`, or an algorithm, whose settings are laid over the file's
  ///     before other overrides are.
  ///   - seed: replaces the seed of the file and of the overrides.
  /// - Returns: the scenario, with every default filled in.
  /// - Throws: everything that is wrong, in the order of the file; a file that cannot be read is a
  ///   problem like the others.
  public static func read(
    path: String, overrides: [Override] = [], method: String? = nil, seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Scenario {
    try read(
      ScenarioFile(path).text(), file: path, overrides: overrides, method: method, seed: seed)
  }
}

// MARK: Methods

extension Scenario {
  /// The names of the `methods` that a scenario file declares, in order.
  ///
  /// - Throws: what is wrong with their section; all else is left to ``read(path:overrides:method:seed:)``.
  public static func methods(
    path: String, overrides: [Override] = []
  ) throws(ScenarioProblems) -> [String] {
    let findings = Findings(file: path)
    let methods = try parts(of: ScenarioFile(path).text(), path, overrides, findings).methods
    try findings.conclude()
    return methods.names
  }

  /// The tree of a text without its methods, and these.
  static func parts(
    of yaml: String, _ file: String, _ overrides: [Override], _ findings: Findings
  ) throws(ScenarioProblems) -> (tree: Tree, methods: Methods) {
    var lineage = Lineage(findings: findings)
    var tree = try lineage.tree(yaml, of: file)
    for override in overrides where override.isOfMethods {
      tree.apply(override, findings: findings)
    }
    let methods = Methods(takenFrom: &tree, findings: findings)
    return (tree, methods)
  }
}

extension Override {
  /// Whether it sets something in the section of methods.
  fileprivate var isOfMethods: Bool { path.first == Methods.key }
}
