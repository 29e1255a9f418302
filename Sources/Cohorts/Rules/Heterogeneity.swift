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
    let hospital = source.hospital
    let held = zip(rules, strengths(at: hospital, in: round)).filter { $1 > 0 }
    var cohort = population(of: source, under: held)
    for case .record(let rule as TemporalSplit) in held.map(\.0.effect) {
      cohort = rule.applied(to: cohort, strength: 1, random: random)
    }
    cohort = PatientSplit.decided(
      for: cohort, testShare: testShare, heldOut: heldOut, random: random)
    for (rule, strength) in held {
      guard case .labelSkew(let skew) = rule.effect else { continue }
      cohort = skew.applied(to: cohort, strength: strength, random: rule.random)
    }
    return recorded(
      cut(cohort, from: source, under: held, random: random.child("cut")), under: held
    )
    .indicatingMissing(indicated)
  }

  private typealias Held = [(rule: Rule, strength: Double)]

  /// Whoever could come.
  private func population(of source: Source, under held: Held) -> Cohort {
    switch source {
    case .given(let cohort):
      return held.reduce(cohort) { cohort, held in
        guard case .caseMix(let mix) = held.rule.effect else { return cohort }
        return mix.applied(to: cohort, strength: held.strength, random: held.rule.random)
      }
    case .synthetic(let clinic, let hospital):
      return clinic.cohort(
        of: hospital, patients: reserve(of: clinic, at: hospital),
        under: held.compactMap { PopulationRule($0.rule, strength: $0.strength) })
    }
  }

  /// How many synthetic patients are made, whatever the round: the most that can be wanted, and so
  /// many times that as selection by class needs to find them.
  private func reserve(of clinic: SyntheticClinic, at hospital: String) -> Int {
    let concerned = rules.filter { $0.hospitals?.contains(hospital) ?? true }
    var (count, times) = (clinic.size(of: hospital), 1)
    for rule in concerned {
      switch rule.effect {
      case .quantitySkew(let skew):
        count = max(
          count,
          skew.size(of: hospital, having: count, mayGrow: true, strength: 1, random: rule.random))
      case .labelSkew:
        let rarer = min(clinic.prevalence, 1 - clinic.prevalence)
        times = max(times, min(20, Int((1.5 / rarer).rounded(.up))))
      case .caseMix, .conceptShift, .record: break
      }
    }
    return count * times
  }

  /// As many patients as the hospital is to have, the same ones first however many.
  private func cut(
    _ cohort: Cohort, from source: Source, under held: Held, random: RandomStream
  ) -> Cohort {
    let people = cohort.people
    var (size, mayGrow) = (people.count, false)
    if case .synthetic(let clinic, let hospital) = source {
      (size, mayGrow) = (clinic.size(of: hospital), true)
    }
    for (rule, strength) in held {
      guard case .quantitySkew(let skew) = rule.effect else { continue }
      size = skew.size(
        of: cohort.hospital, having: size, mayGrow: mayGrow, strength: strength,
        random: rule.random)
    }
    guard size < people.count else { return cohort }
    let ranks = (0..<people.count).map { patient in
      let number = cohort.number(ofPatientAt: people.firstRow(of: patient))
      var draw = random.patient(number, of: cohort.hospital)
      return draw.next()
    }
    let order = ranks.indices.sorted { ranks[$0] < ranks[$1] }
    return cohort.keeping(people.rows(of: order.prefix(size)))
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
