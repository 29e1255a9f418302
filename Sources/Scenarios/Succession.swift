/// What of a scenario holds on when another algorithm takes the place of its own.
///
/// Settings that the next algorithm does not have are left out. One that learns by itself between two
/// rounds, in the place of one that learns by episodes, sees as many patients a round: a step on a batch
/// as large as an episode for each episode, at the inner rate; and what the hospitals come to is taken
/// as it is. An optimiser keeps only what it shares with the one before.
struct Succession {
  /// The scenario, ready for the settings of the next algorithm to be laid over it.
  private(set) var base: Tree
  private let settings: Tree
  private let place: ScenarioProblem.Place

  /// Prepares `tree` for `settings`; a piece that stands nowhere in a file is of `place`.
  init(from tree: Tree, to settings: Tree, place: ScenarioProblem.Place) {
    base = tree
    self.settings = settings
    self.place = place
    let earlier = tree["algorithm"]?["name"]?.text.flatMap(AlgorithmPlan.Name.init)
    let next = settings["algorithm"]?["name"]?.text.flatMap(AlgorithmPlan.Name.init)
    // What is not known is left to the reader to complain of.
    if let earlier, let next, earlier != next { succeed(earlier, by: next) }
    settleOptimiser()
  }

  private mutating func succeed(_ earlier: AlgorithmPlan.Name, by next: AlgorithmPlan.Name) {
    let shared = earlier.isLocal && next.isLocal ? ["local", "weighting"] : []
    for key in AlgorithmPlan.optionalKeys where !(shared.contains(key) && next.keys.contains(key)) {
      base.remove(["algorithm", key])
    }
    guard earlier.isLocal != next.isLocal else { return }
    base.remove(["algorithm", "outer"])
    give(next.usualOptimiser.rawValue, to: ["algorithm", "outer", "optimizer"])
    give(next.isLocal ? "1" : "0.001", to: ["algorithm", "outer", "rate"])
    if next.isLocal { learnLocally() }
  }

  private mutating func learnLocally() {
    let episodes = base["federation"]?["episodes-per-round"]?.plainText
    base.remove(["federation", "episodes-per-round"])
    guard let support = number("task", "support"), let query = number("task", "query"),
      let rate = base["algorithm"]?["inner"]?["rate"]?.plainText
    else { return }
    give(episodes ?? "1", to: ["algorithm", "local", "steps"])
    give(String(support + query), to: ["algorithm", "local", "batch"])
    give(rate, to: ["algorithm", "local", "rate"])
  }

  private mutating func settleOptimiser() {
    guard let next = settings["algorithm"]?["outer"]?["optimizer"]?.text,
      next != base["algorithm"]?["outer"]?["optimizer"]?.text,
      let optimiser = OuterPlan.Optimiser(rawValue: next)
    else { return }
    for key in OuterPlan.optionalKeys where !optimiser.keys.contains(key) {
      base.remove(["algorithm", "outer", key])
    }
  }

  private func number(_ section: String, _ key: String) -> Int? {
    base[section]?[key]?.plainText.flatMap { Int($0) }.flatMap {
      (0...1_000_000).contains($0) ? $0 : nil
    }
  }

  private mutating func give(_ text: String, to path: [String]) {
    base.give(Tree(content: .scalar(text, plain: true), place: place), to: path)
  }
}

// MARK: Keys of a tree

extension Tree {
  /// The value of the first of a mapping's entries with this key.
  subscript(key: String) -> Tree? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// Takes a key out, if it is there.
  mutating func remove(_ path: [String]) {
    guard case .mapping(var entries) = content, let key = path.first else { return }
    if path.count == 1 {
      entries.removeAll { $0.key == key }
    } else if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value.remove(Array(path.dropFirst()))
    }
    content = .mapping(entries)
  }

  /// Puts a value in its place, making the mappings on the way that are absent.
  mutating func give(_ value: Tree, to path: [String]) {
    guard let key = path.first else {
      self = value
      return
    }
    guard case .mapping(var entries) = content else { return }
    if !entries.contains(where: { $0.key == key }) {
      let empty = Tree(content: .mapping([]), place: value.place)
      entries.append(Entry(key: key, place: value.place, value: empty))
    }
    for index in entries.indices where entries[index].key == key {
      entries[index].value.give(value, to: Array(path.dropFirst()))
    }
    content = .mapping(entries)
  }
}
