/// A contribution that was refused because it holds an infinity or a NaN; nothing of it was added.
public struct NonFiniteContribution: Error, Equatable, Sendable {
  /// The position of the first number that is not finite.
  public let index: Int

  /// A refusal because of the number at `index`.
  public init(index: Int) {
    self.index = index
  }
}

extension NonFiniteContribution: CustomStringConvertible {
  /// What was found, what is accepted and what to do, in a sentence.
  public var description: String {
    "The contribution holds a number at index \(index) that is not finite; sums take finite numbers"
      + " only, so nothing of it was added. Lower the rate that made it diverge, or go on without it."
  }
}
