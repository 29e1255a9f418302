public import Models

/// The coordinator's step, for every method: how the mean of what hospitals sent changes the
/// meta-parameters.
///
/// A value: a run is resumed from a copy of it, of which only the optimiser changes.
public struct MetaUpdate: Equatable, Sendable {
  /// What of the meta-parameters moves, and how.
  public enum Rule: Equatable, Sendable {
    /// The optimiser moves all of them along the mean.
    case gradient
    /// SCAFFOLD. The optimiser moves the first half, `x`, along the mean of `x - y`; the control variates
    /// in the second half move by the mean of the hospitals' changes, times the share of all hospitals
    /// that took part.
    case scaffold(hospitals: Int)
    /// ARUBA. The optimiser moves the first third, phi; the sums in the other two grow by
    /// the squared moves and squared gradients.
    case aruba(ARUBA.Sums)
    /// The optimiser moves only the first so many: the rest stays at the hospitals.
    case body(Int)
  }

  /// What moves the meta-parameters proper, and what it remembers.
  public var optimiser: Optimiser
  /// What moves, and how.
  public let rule: Rule

  /// A step of a kind, with an optimiser made for what it moves; see ``movedCount(of:rule:)``.
  public init(_ optimiser: Optimiser, rule: Rule) {
    self.optimiser = optimiser
    self.rule = rule
  }

  /// How many of so many meta-parameters the optimiser moves, and has to be made for.
  public static func movedCount(of parameterCount: Int, rule: Rule) -> Int {
    switch rule {
    case .gradient: parameterCount
    case .scaffold: parameterCount / 2
    case .aruba: parameterCount / 3
    case .body(let count): count
    }
  }

  /// Makes one step.
  ///
  /// - Parameters:
  ///   - parameters: The meta-parameters, which move.
  ///   - mean: The mean of what was sent; as long as a hospital's contribution.
  ///   - contributors: Of how many hospitals it is the mean.
  public mutating func step(
    _ parameters: inout [Float], along mean: [Float], contributors: Int
  ) {
    switch rule {
    case .gradient:
      optimiser.step(&parameters, along: mean)
    case .scaffold(let hospitals):
      descend(&parameters, along: mean)
      let share = Float(Double(contributors) / Double(hospitals))
      for index in parameters.count / 2..<parameters.count {
        parameters[index] += share * mean[index]
      }
    case .aruba(let sums):
      descend(&parameters, along: mean)
      sums.grow(&parameters, by: mean, contributors: contributors, round: optimiser.steps)
    case .body:
      descend(&parameters, along: mean)
    }
  }

  /// Moves the first of the parameters, as many as the rule says.
  private mutating func descend(_ parameters: inout [Float], along mean: [Float]) {
    let count = Self.movedCount(of: parameters.count, rule: rule)
    var moved = Array(parameters.prefix(count))
    optimiser.step(&moved, along: Array(mean.prefix(count)))
    parameters.put(moved, at: 0)
  }
}
