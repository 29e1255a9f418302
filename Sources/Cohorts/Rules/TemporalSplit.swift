public import Tensors

/// Learning from the past for the future: patients are adapted on who came before those that are
/// judged.
///
/// Time is the order of the data set's rows, or of the numbers of synthetic patients. The last
/// patients, `testShare` of all, are kept for judging, at held-out hospitals too; in a training
/// episode the first patients drawn are the support set and the later ones the query set.
public struct TemporalSplit: CohortRule, Equatable {
  /// The share of patients kept for judging.
  public let testShare: Double

  /// Keeps the last share of patients for judging.
  public init(testShare: Double) {
    self.testShare = testShare
  }

  /// The patients with the last of them kept for judging.
  public func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    let count = cohort.outcomes.count
    let open = min(max(1, count - Int((testShare * Double(count)).rounded())), max(1, count - 1))
    var ordered = cohort
    ordered.keptForJudging = (0..<count).map { $0 >= open }
    ordered.isOrdered = true
    return ordered
  }
}
