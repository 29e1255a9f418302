/// How outcomes that are numbers are counted by a model: in `unit`s from `centre`.
///
/// A network starts near 0 and changes by rates that do not know what a unit is, so it is given numbers
/// about 1 in size. Both are constants of a data set, written down with its reader and taken from no
/// patient; errors are told in the data set's own units.
public struct OutcomeScale: Equatable, Sendable {
  /// What is counted as 0.
  public var centre: Double
  /// What is counted as 1; above 0.
  public var unit: Double

  /// The outcome as it is: classes, and numbers of a size that a model can be given.
  public static let own = OutcomeScale(centre: 0, unit: 1)

  /// A scale of a data set.
  ///
  /// - Precondition: `unit` is above 0.
  public init(centre: Double, unit: Double) {
    precondition(unit > 0, "outcomes cannot be counted in units of \(unit)")
    self.centre = centre
    self.unit = unit
  }

  func applied(to outcome: Double) -> Double {
    self == .own ? outcome : (outcome - centre) / unit
  }

  func applied(to outcome: Float) -> Float {
    self == .own ? outcome : Float(applied(to: Double(outcome)))
  }
}
