/// What is wrong with a scenario that is being read, and where its keys stand.
final class Findings {
  /// The name of the scenario file, for messages.
  let file: String
  private var bases: [String] = []
  private var problems: [ScenarioProblem] = []
  private var places: [String: ScenarioProblem.Place] = [:]

  init(file: String) {
    self.file = file
  }

  /// Remembers a file that the scenario extends, the nearest first.
  func note(base file: String) {
    bases.append(file)
  }

  /// Remembers where the value of a key stands, for checks that come after reading.
  func note(_ place: ScenarioProblem.Place, of path: String) {
    places[path] = place
  }

  /// Where the value of a key stands, or the nearest section around it that does.
  func place(of path: String) -> ScenarioProblem.Place {
    if let place = places[path] { return place }
    guard let dot = path.lastIndex(of: ".") else { return .file(line: 1, column: 1) }
    return place(of: String(path[..<dot]))
  }

  /// Adds a problem, at the place of its key unless another is given.
  func report(
    _ found: String, accepted: String, nearest: String? = nil, at path: String,
    place: ScenarioProblem.Place? = nil
  ) {
    let place = place ?? self.place(of: path)
    problems.append(
      ScenarioProblem(
        file: place.base ?? file, place: place, path: path, found: found, accepted: accepted,
        nearest: nearest))
  }

  /// Adds a problem of a file that the scenario names.
  func report(_ problem: ScenarioProblem) {
    problems.append(problem)
  }

  /// Whether no problem concerns these keys, the sections around them, or anything below them.
  ///
  /// A contradiction between two keys is looked for only where both were read without a problem.
  func isSound(_ paths: String...) -> Bool {
    paths.allSatisfy { path in
      !problems.contains { $0.path.isWithin(path) || path.isWithin($0.path) }
    }
  }

  /// Throws what was found, in the order of the file, if anything was.
  func conclude() throws(ScenarioProblems) {
    guard !problems.isEmpty else { return }
    let ordered = problems.enumerated().sorted { first, second in
      let (one, other) = (order(of: first.element), order(of: second.element))
      return one == other ? first.offset < second.offset : one.lexicographicallyPrecedes(other)
    }
    throw ScenarioProblems(ordered.map(\.element))
  }

  /// The file comes first, by line and column, then the files that it extends; overrides come last,
  /// in the order of reading.
  private func order(of problem: ScenarioProblem) -> [Int] {
    switch problem.place {
    case .wholeFile: [0]
    case .file(let line, let column): [1, 0, line, column]
    case .base(let file, let line, let column):
      [1, 1 + (bases.firstIndex(of: file) ?? bases.count), line, column]
    case .override, .method: [2]
    }
  }
}

extension ScenarioProblem.Place {
  /// The file that the scenario extends and in which this is, where it is in one.
  var base: String? {
    if case .base(let file, _, _) = self { file } else { nil }
  }
}

extension String {
  /// Whether this path is the other one or lies below it.
  fileprivate func isWithin(_ path: String) -> Bool {
    path.isEmpty || self == path || hasPrefix(path + ".") || hasPrefix(path + "[")
  }
}
