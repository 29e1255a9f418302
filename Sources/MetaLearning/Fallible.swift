/// An algorithm whose meta-gradient can turn out to be none.
public protocol Fallible: AnyObject {
  /// What is wrong with the last meta-gradient, and what to do; `nil` where it is what was asked for.
  var fault: String? { get }
}

extension ImplicitMAML: Fallible {
  /// That curvature was not positive: the solver then stops at something weaker, at first the query
  /// gradient, which would be first order in secret.
  public var fault: String? {
    guard diagnostics.isIndefinite else { return nil }
    return
      "the implicit gradient is not defined where I + H / lambda is not positive definite, as here"
      + " with a lambda of \(lambda); raise algorithm.proximal"
  }
}
