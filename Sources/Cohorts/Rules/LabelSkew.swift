public import Tensors

/// Hospitals that see the two classes in different shares, patients of a class being alike.
///
/// A hospital h with the share q of class 1 (of true risks where they are known, else of outcomes)
/// is to have the share p_h:
///
///     Dirichlet:   (p_h, 1 − p_h) ~ Dirichlet(α q, α (1 − q))
///     classes:     p_h = 0 or 1, with equal probability, for one class; p_h = q for two
///     prevalence:  p_h as given
///     p = q + strength · (p_h − q)
///
/// A patient of class y stays with probability s_y, where s_1 : s_0 = p (1 − q) : q (1 − p) and the
/// larger is 1. Selection by outcome changes the odds, so a true risk r becomes
/// r s_1 / (r s_1 + (1 − r) s_0). A hospital that has patients of one class only stays as it is.
public struct LabelSkew: CohortRule, Equatable {
  /// Where the shares come from.
  public enum Target: Equatable, Sendable {
    /// Drawn about the hospital's own share with this concentration; small ones make extremes.
    case dirichlet(Double)
    /// So many of the two classes.
    case classes(Int)
    /// One share for hospitals that are not named, none for `nil`, and others by name.
    case prevalence(Double?, by: [String: Double])
  }

  /// Where the shares come from.
  public let target: Target

  /// A skew towards `target`.
  public init(_ target: Target) {
    self.target = target
  }

  /// The patients that stay.
  public func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    let natural = cohort.shareOfClass1
    guard natural > 0, natural < 1,
      let aim = share(at: cohort.hospital, natural: natural, random: random)
    else { return cohort }
    let odds = Selection(from: natural, to: natural + strength * (aim - natural))
    let rows = cohort.outcomes.indices.filter { row in
      var draw = random.patient(cohort.numbers[row], of: cohort.hospital)
      return draw.uniform() < (cohort.outcomes[row] > 0 ? odds.ofClass1 : odds.ofClass0)
    }
    var selected = cohort.keeping(rows)
    selected.trueRisks = selected.trueRisks?.map(odds.risk)
    return selected
  }

  /// The share of class 1 that a hospital is to have; nil where it keeps its own.
  func share(at hospital: String, natural: Double, random: RandomStream) -> Double? {
    var draw = random.child("hospital").child(hospital)
    switch target {
    case .dirichlet(let alpha):
      return draw.dirichlet([alpha * natural, alpha * (1 - natural)])[0]
    case .classes(let count): return count > 1 ? nil : Double(draw.integer(below: 2))
    case .prevalence(let share, let named): return named[hospital] ?? share
    }
  }

  /// How likely patients of either class stay.
  private struct Selection {
    let ofClass1, ofClass0: Double

    init(from natural: Double, to aim: Double) {
      let (one, zero) = (aim * (1 - natural), natural * (1 - aim))
      ofClass1 = one / max(one, zero)
      ofClass0 = zero / max(one, zero)
    }

    func risk(_ risk: Double) -> Double {
      let (one, zero) = (risk * ofClass1, (1 - risk) * ofClass0)
      return one / (one + zero)
    }
  }
}

extension Cohort {
  /// The share of class 1: by true risks where they are known, else by outcomes.
  var shareOfClass1: Double {
    guard !outcomes.isEmpty else { return 0 }
    let sum = trueRisks?.reduce(0, +) ?? Double(outcomes.reduce(0, +))
    return sum / Double(outcomes.count)
  }
}
