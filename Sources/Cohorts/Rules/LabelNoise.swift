public import Tensors

/// Outcomes that are written down wrongly.
///
/// An outcome of class 1 becomes 0 with probability strength · ρ_1, one of class 0 becomes 1 with
/// probability strength · ρ_0; the noise is symmetric (ρ_1 = ρ_0), or one-sided: missed (ρ_0 = 0) or
/// over-called (ρ_1 = 0). True risks are those of the outcome as it is written down:
/// r (1 − ρ_1) + (1 − r) ρ_0; hospitals are judged by what they write down.
public struct LabelNoise: CohortRule, Equatable {
  /// Which outcomes are in danger.
  public enum Kind: Sendable {
    /// Both classes alike.
    case symmetric
    /// Class 1 is taken for 0.
    case missed
    /// Class 0 is taken for 1.
    case overcalled
  }

  /// Which outcomes are in danger.
  public let kind: Kind
  /// The probability at hospitals that are not named; none if nil.
  public let rate: Double?
  /// The probability at named hospitals.
  public let rates: [String: Double]

  /// Noise of one rate, or of one for each hospital.
  public init(_ kind: Kind, rate: Double?, by rates: [String: Double] = [:]) {
    self.kind = kind
    self.rate = rate
    self.rates = rates
  }

  /// The patients with some outcomes turned round.
  public func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    guard let rate = rates[cohort.hospital] ?? rate else { return cohort }
    let missed = kind == .overcalled ? 0 : strength * rate
    let overcalled = kind == .missed ? 0 : strength * rate
    var noisy = cohort
    for row in cohort.outcomes.indices {
      var draw = random.patient(cohort.numbers[row], of: cohort.hospital)
      let isOne = cohort.outcomes[row] > 0
      if draw.uniform() < (isOne ? missed : overcalled) { noisy.outcomes[row] = isOne ? 0 : 1 }
    }
    noisy.trueRisks = cohort.trueRisks?.map { $0 * (1 - missed) + (1 - $0) * overcalled }
    return noisy
  }
}
