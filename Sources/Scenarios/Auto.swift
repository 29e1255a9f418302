/// `algorithm: auto`: all methods of a scenario are trained, and each hospital chooses among them.
///
/// It is not an algorithm, and no ``Scenario`` has it: what is asked for is a ``Selection``, a scenario
/// for each method. In a mapping, `name: auto` leaves the other settings for methods to be laid over, as
/// if they were those of `maml`, or with `local` of `fedavg`.
struct Auto {
  /// The word, in a scenario and for `--method`.
  static let word = "auto"
  /// The parts of a support set by which hospitals choose, unless the scenario says how many.
  static let parts = 4

  /// Where it is asked for; `nil` where it is not.
  let place: ScenarioProblem.Place?

  /// Takes the word out of the tree of a scenario, so that methods can be laid over it.
  ///
  /// - Parameters:
  ///   - tree: The scenario without its methods.
  ///   - overrides: Those of them that say the word stand for it, and set nothing else.
  ///   - method: What was asked for in the place of the scenario's algorithm.
  ///   - isChosen: Whether a method is one of a selection, whatever the scenario says.
  init(takenFrom tree: inout Tree, _ overrides: [Override], method: String?, isChosen: Bool) {
    let algorithm = tree["algorithm"]
    let inFile = [algorithm, algorithm?["name"]].lazy.compactMap { $0 }.first(where: Self.isAuto)
    let given = overrides.first(where: Self.asks)?.value.place
    let named =
      method == Self.word || isChosen ? ScenarioProblem.Place.method(Self.word) : nil
    place = given ?? named ?? inFile?.place
    if let inFile { Self.take(inFile, from: &tree) }
    guard let place, tree["evaluation"]?["validation"] == nil else { return }
    tree.give(
      Tree(content: .scalar(String(Self.parts), plain: true), place: place),
      to: ["evaluation", "validation"])
  }

  private static func isAuto(_ tree: Tree) -> Bool { tree.text == word }

  /// Whether an override says the word.
  static func asks(_ override: Override) -> Bool {
    [["algorithm"], ["algorithm", "name"]].contains(override.path) && isAuto(override.value)
  }

  private static func take(_ word: Tree, from tree: inout Tree) {
    guard case .mapping = tree["algorithm"]?.content else { return tree.remove(["algorithm"]) }
    let name: AlgorithmPlan.Name = tree["algorithm"]?["local"] == nil ? .maml : .fedavg
    tree.give(
      Tree(content: .scalar(name.rawValue, plain: true), place: word.place),
      to: ["algorithm", "name"])
  }
}

extension Findings {
  /// Reports that hospitals choose among methods, where one scenario is to be had.
  func reportChoice(at place: ScenarioProblem.Place) {
    report(
      "found \(Auto.word), with which every method is trained and each hospital chooses among them",
      accepted:
        "one algorithm, or one of the methods by --method; replay plays them all, and replay compare",
      at: "algorithm", place: place)
  }

  /// Reports that hospitals have nothing to choose by.
  func reportNoValidation() {
    report(
      "0 parts with \(Auto.word), where hospitals choose by how methods do within their support sets",
      accepted: "1 or more, or leave the key out", at: "evaluation.validation")
  }
}
