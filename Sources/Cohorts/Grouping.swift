/// Which patients of a data set of several hospitals make one task.
public enum Grouping: Sendable {
  /// Those of a hospital.
  case hospital
  /// Those with one condition at a hospital.
  case condition

  /// The name of the task to which a patient belongs: `134`, or `134-TACS`.
  func name(of hospital: String, _ condition: String) -> String {
    switch self {
    case .hospital: hospital
    case .condition: "\(hospital)-\(condition)"
    }
  }
}
