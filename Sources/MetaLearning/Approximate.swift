/// What an approximate meta-gradient falls short of.
public struct Residuals: Codable, Equatable, Sendable {
  /// The norm of the gradient that was left when the inner steps ended.
  public var inner: Double
  /// The norm of what the solver left of its system, over that of the right-hand side.
  public var solver: Double

  /// Takes both as they are.
  public init(inner: Double, solver: Double) {
    self.inner = inner
    self.solver = solver
  }
}

/// An algorithm whose meta-gradient is as exact as what was solved for it.
public protocol Approximate: AnyObject {
  /// What was left when the last meta-gradient was made.
  var residuals: Residuals { get }
}

extension ImplicitMAML: Approximate {
  /// What adaptation and conjugate gradients left in the last episode.
  public var residuals: Residuals {
    Residuals(inner: diagnostics.innerResidual, solver: diagnostics.solverResidual)
  }
}
