public import Tensors

/// How hospitals are made to differ: rules, where and when each holds, and their order.
///
/// Rules act in the order of nature, and rules of one stage in the order of the list:
///
/// 1. who comes and what features do there (``CaseMix``, ``ConceptShift``), and the split of
///    patients in time (``TemporalSplit``);
/// 2. who stays (``LabelSkew``), then how many (``QuantitySkew``);
/// 3. what is written down (``Measurement``, ``MissingFeatures``, ``LabelNoise``).
///
/// Who is kept for judging is decided before anyone is selected, so that a rule that changes from
/// round to round moves no patient from one part to the other.
///
/// At the synthetic clinic a skew chooses from more patients than come without it. They follow upon those who
/// come anyway, and are made only while it acts: so a drift changes nothing before its round, and those who
/// come anyway are the first whom it takes.
public struct Heterogeneity: Sendable {
  /// What a rule is about.
  public enum Effect: Sendable {
    /// Who comes.
    case caseMix(CaseMix)
    /// What features do; of synthetic patients only.
    case conceptShift(ConceptShift)
    /// Which classes come.
    case labelSkew(LabelSkew)
    /// How many come.
    case quantitySkew(QuantitySkew)
    /// What is written down, or in what order.
    case record(any CohortRule)
  }

  /// A rule with where and when it holds.
  public struct Rule: Sendable {
    /// What it does.
    public let effect: Effect
    /// The hospitals concerned; all if nil.
    public let hospitals: Set<String>?
    /// When it is in force.
    public var onset: Onset
    /// Its own stream.
    public let random: RandomStream

    /// A rule of all hospitals, or of some, from the beginning, or from a round on.
    public init(
      _ effect: Effect, at hospitals: Set<String>? = nil, onset: Onset = Onset(),
      random: RandomStream
    ) {
      self.effect = effect
      self.hospitals = hospitals
      self.onset = onset
      self.random = random
    }
  }

  /// The rules in the order of the list.
  public let rules: [Rule]
  /// The features of which a further column says whether they are missing.
  public let indicated: [String]

  /// Rules, and what is indicated of what they leave out.
  public init(_ rules: [Rule], indicated: [String] = []) {
    self.rules = rules
    self.indicated = indicated
  }

  /// How strong each rule is at a hospital in a round, 0 where it does not hold.
  ///
  /// Equal strengths make equal patients: whoever keeps them need not make them again.
  public func strengths(at hospital: String, in round: Int) -> [Double] {
    rules.map { rule in
      rule.hospitals?.contains(hospital) ?? true ? rule.onset.strength(in: round) : 0
    }
  }
}

// MARK: Patients

extension Heterogeneity {
  /// Where patients come from before rules make them differ.
  public enum Source: Sendable {
    /// These patients.
    case given(Cohort)
    /// The clinic's hospital of this name, which has as many patients as are asked for.
    case synthetic(SyntheticClinic, hospital: String)
  }

  /// The patients of a hospital in a round.
  ///
  /// - Parameters:
  ///   - source: Where they come from.
  ///   - round: The round of learning or of evaluation; 0 at the beginning.
  ///   - testShare: The share kept for judging, where the data set names no split.
  ///   - heldOut: Whether the hospital never trains.
  ///   - random: What the split is drawn from.
  /// - Returns: Its patients, with the split decided unless the hospital never trains.
  public func cohort(
    from source: Source, in round: Int, testShare: Double, heldOut: Bool, random: RandomStream
  ) -> Cohort {
    let held = zip(rules, strengths(at: source.hospital, in: round)).filter { $1 > 0 }
    var cohort = split(
      population(of: source, under: held), residents: source.residents, under: held
    ) { cohort in
      PatientSplit.decided(for: cohort, testShare: testShare, heldOut: heldOut, random: random)
    }
    for (rule, strength) in held {
      guard case .labelSkew(let skew) = rule.effect else { continue }
      cohort = skew.applied(to: cohort, strength: strength, random: rule.random)
    }
    return recorded(
      cut(cohort, from: source, under: held, random: random.child("cut")), under: held
    )
    .indicatingMissing(indicated)
  }

  typealias Held = [(rule: Rule, strength: Double)]

  /// Whoever could come: those who come anyway, and after them those from whom a skew chooses.
  private func population(of source: Source, under held: Held) -> Cohort {
    switch source {
    case .given(let cohort):
      return held.reduce(cohort) { cohort, held in
        guard case .caseMix(let mix) = held.rule.effect else { return cohort }
        return mix.applied(to: cohort, strength: held.strength, random: held.rule.random)
      }
    case .synthetic(let clinic, let hospital):
      return clinic.cohort(
        of: hospital, patients: reserve(of: clinic, at: hospital, under: held),
        under: held.compactMap { PopulationRule($0.rule, strength: $0.strength) })
    }
  }

  /// What is written down of them.
  private func recorded(_ cohort: Cohort, under held: Held) -> Cohort {
    held.reduce(cohort) { cohort, held in
      guard case .record(let rule) = held.rule.effect, !(rule is TemporalSplit) else {
        return cohort
      }
      return rule.applied(to: cohort, strength: held.strength, random: held.rule.random)
    }
  }
}

extension Heterogeneity.Source {
  /// The hospital that the patients belong to.
  var hospital: String {
    switch self {
    case .given(let cohort): cohort.hospital
    case .synthetic(_, let hospital): hospital
    }
  }

  /// How many patients come where no rule acts; `nil` where nobody else could.
  var residents: Int? {
    if case .synthetic(let clinic, let hospital) = self { clinic.size(of: hospital) } else { nil }
  }
}

extension PopulationRule {
  /// A rule about the population, or nil for any other.
  fileprivate init?(_ rule: Heterogeneity.Rule, strength: Double) {
    switch rule.effect {
    case .caseMix(let mix): kind = .caseMix(mix)
    case .conceptShift(let shift): kind = .conceptShift(shift)
    case .labelSkew, .quantitySkew, .record: return nil
    }
    self.strength = strength
    random = rule.random
  }
}
