/// One thing that is wrong with a scenario: where, what was found, and what is accepted there.
public struct ScenarioProblem: Equatable, Sendable, CustomStringConvertible {
  /// Where a problem stands.
  public enum Place: Equatable, Sendable {
    /// In the file, at a line and a column that both start at 1.
    case file(line: Int, column: Int)
    /// In a file that the scenario extends, at a line and a column that both start at 1.
    case base(String, line: Int, column: Int)
    /// The file as a whole: it could not be read.
    case wholeFile
    /// In an override from the command line, with the words that ask for it there.
    case override(String)
    /// In a method that was asked for by this name, where no file says it.
    case method(String)
  }

  /// The name of the file that it stands in: the scenario's as it was given, or that of one that the
  /// scenario extends.
  public let file: String
  /// Where in it, or beside it, the problem stands.
  public let place: Place
  /// The dotted path of the key, for example `algorithm.inner.steps`; empty for the whole document.
  public let path: String
  /// What was found.
  public let found: String
  /// What is accepted there.
  public let accepted: String
  /// The accepted word that is nearest to what was found, where one is near.
  public let nearest: String?

  /// Describes a problem at a place.
  public init(
    file: String, place: Place, path: String, found: String, accepted: String,
    nearest: String? = nil
  ) {
    self.file = file
    self.place = place
    self.path = path
    self.found = found
    self.accepted = accepted
    self.nearest = nearest
  }

  /// The line in the file, from 1, where the problem stands in a file.
  public var line: Int? {
    switch place {
    case .file(let line, _), .base(_, let line, _): line
    case .wholeFile, .override, .method: nil
    }
  }

  /// The column in the line, from 1, where the problem stands in a file.
  public var column: Int? {
    switch place {
    case .file(_, let column), .base(_, _, let column): column
    case .wholeFile, .override, .method: nil
    }
  }

  /// The problem in one line.
  ///
  /// `FILE:LINE:COLUMN: algorithm.inner.stepz: unknown key; accepted: steps, rate; did you mean steps?`
  public var description: String {
    let subject = path.isEmpty ? "" : "\(path): "
    let hint = nearest.map { "; did you mean \($0)?" } ?? ""
    return "\(location): \(subject)\(found); accepted: \(accepted)\(hint)"
  }

  private var location: String {
    switch place {
    case .file(let line, let column), .base(_, let line, let column): "\(file):\(line):\(column)"
    case .wholeFile: file
    case .override(let words): words
    case .method(let name): "--method \(name)"
    }
  }
}

/// Everything that is wrong with a scenario, at once.
public struct ScenarioProblems: Error, Equatable, Sendable, CustomStringConvertible {
  /// The problems: those of the file in its order, then those of the files that it extends, the
  /// nearest first, then those of overrides.
  public let problems: [ScenarioProblem]

  /// Gathers problems that are in order already.
  public init(_ problems: [ScenarioProblem]) {
    self.problems = problems
  }

  /// One line for each problem.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}
