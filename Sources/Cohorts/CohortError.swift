/// Why patients cannot be read, or an episode cannot be drawn from them.
///
/// It says where, what was found, what is accepted and what to do. What was found is named by its
/// kind, never by a patient's value or by a number of patients.
public struct CohortError: Error, Equatable, Sendable {
  /// The file or hospital that is spoken of.
  public var place: String
  /// The line of the file, from 1.
  public var line: Int?
  /// The character of the line, from 1.
  public var column: Int?
  /// What was found, by its kind.
  public var found: String
  /// What is accepted instead.
  public var accepted: String
  /// What to do next.
  public var advice: String

  /// An error at `place`, and at a line and column of it where it is a file.
  public init(
    _ place: String, line: Int? = nil, column: Int? = nil, found: String, accepted: String,
    advice: String
  ) {
    self.place = place
    self.line = line
    self.column = column
    self.found = found
    self.accepted = accepted
    self.advice = advice
  }
}

extension CohortError: CustomStringConvertible {
  /// The whole error in one line: `place:line:column: found; accepted: …; advice`.
  public var description: String {
    let position = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
    return "\(place)\(position): \(found); accepted: \(accepted); \(advice)"
  }
}
