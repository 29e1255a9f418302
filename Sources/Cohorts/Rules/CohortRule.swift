public import Tensors

/// What makes the patients of a hospital, or what is written down of them, unlike those of others.
///
/// A rule is a value. It draws from the stream that it is handed, by the names of hospitals and the
/// numbers of patients: so the same patients are concerned at every strength, the more the
/// stronger, and nothing that another rule draws changes what this one does.
public protocol CohortRule: Sendable {
  /// The cohort where the rule is in force.
  ///
  /// - Parameters:
  ///   - cohort: Patients in the order of their numbers.
  ///   - strength: Above 0, to 1; below 1 while the rule sets in gradually.
  ///   - random: The rule's own stream, the same for all hospitals.
  /// - Returns: The patients as they are under the rule, still in the order of their numbers.
  func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort
}

/// Who shares what a rule draws: each hospital has its own, or some agree.
public enum Sharing: Equatable, Sendable {
  /// Every hospital draws for itself.
  case apart
  /// Every hospital belongs to one of so many clusters, all equally likely, and draws with it.
  case clusters(Int)

  /// The stream that `hospital` draws from below a rule's stream.
  func stream(of hospital: String, below random: RandomStream) -> RandomStream {
    switch self {
    case .apart: return random.child("hospital").child(hospital)
    case .clusters(let count):
      var membership = random.child("membership").child(hospital)
      return random.child("cluster", membership.integer(below: max(1, count)))
    }
  }
}

extension RandomStream {
  /// The stream of one patient of a hospital below a rule's stream.
  func patient(_ number: Int, of hospital: String) -> RandomStream {
    child("patients").child(hospital).child("patient", number)
  }
}
