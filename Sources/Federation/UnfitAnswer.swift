/// An answer that does not fit what was asked.
struct UnfitAnswer: Error, Equatable, CustomStringConvertible {
  /// What was found and what is accepted.
  var description: String
  /// Whether what was found are numbers that are not finite: learning has gone astray, not the node.
  var isDivergence = false

  init(_ description: String, isDivergence: Bool = false) {
    self.description = description
    self.isDivergence = isDivergence
  }
}
