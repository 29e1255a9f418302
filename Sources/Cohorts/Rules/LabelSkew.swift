public import Tensors

/// Hospitals that see the classes in different shares, patients of a class being alike.
///
/// Of two classes, a hospital h with the share q of class 1 (of true risks where they are known, else of outcomes)
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
///
/// Of more classes q, p_h and p are vectors of shares: p_h ~ Dirichlet(α q), or that of so many of the classes that
/// are there, drawn by lot and in proportion; and a patient of class c stays with a probability in proportion to p_c / q_c, the
/// largest of which is 1.
///
/// Reference: Hsu, Qi and Brown, "Measuring the effects of non-identical data distribution for federated visual
/// classification", 2019.
public struct LabelSkew: CohortRule, Equatable {
  /// Where the shares come from.
  public enum Target: Equatable, Sendable {
    /// Drawn about the hospital's own share with this concentration; small ones make extremes.
    case dirichlet(Double)
    /// So many of the classes.
    case classes(Int)
    /// One share of class 1 of two for hospitals that are not named, none for `nil`, and others by name.
    case prevalence(Double?, by: [String: Double])
  }

  /// Where the shares come from.
  public let target: Target
  /// How many classes there are.
  public let classes: Int

  /// A skew towards `target`.
  ///
  /// - Precondition: a share of class 1 is asked for of two classes only.
  public init(_ target: Target, classes: Int = 2) {
    self.target = target
    self.classes = classes
    if case .prevalence = target {
      precondition(classes == 2, "a share of class 1 says nothing of \(classes) classes")
    }
  }

  /// The patients that stay.
  public func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    guard classes == 2 else {
      return selection(of: cohort, strength: strength, random: random)
    }
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
