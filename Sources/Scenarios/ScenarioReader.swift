extension Scenario {
  /// Reads a scenario from YAML text.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the name of the file, for messages; a file that it extends is looked for beside it.
  ///   - overrides: settings that replace those of the file, in order.
  ///   - seed: replaces the seed of the file and of the overrides.
  /// - Returns: the scenario, with every default filled in.
  /// - Throws: everything that is wrong, in the order of the file.
  public static func read(
    _ yaml: String, file: String, overrides: [Override] = [], seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Scenario {
    let findings = Findings(file: file)
    var lineage = Lineage(findings: findings)
    var tree = try lineage.tree(yaml, of: file)
    for override in overrides { tree.apply(override, findings: findings) }
    let read = ScenarioReader(findings: findings).scenario(tree)
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
  ///   - seed: replaces the seed of the file and of the overrides.
  /// - Returns: the scenario, with every default filled in.
  /// - Throws: everything that is wrong, in the order of the file; a file that cannot be read is a
  ///   problem like the others.
  public static func read(
    path: String, overrides: [Override] = [], seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Scenario {
    try read(ScenarioFile(path).text(), file: path, overrides: overrides, seed: seed)
  }
}
