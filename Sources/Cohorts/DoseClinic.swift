import Glibc
public import Tensors

/// Synthetic patients who are given doses of a drug, visit by visit, and whose best dose is known.
///
/// A task is a patient. Patient p, visit i; z and ε are independent standard normals, a = spread:
///
///     age_p   = 60 + 12 z                                  years, the same at every visit
///     S_p     = 1.2 exp(−0.15 (age_p − 60)/12 + 0.35 a z)  sensitivity: effect of a unit of the drug,
///                                                          kept within 0.5 … 2.2
///     T_p     = 1 + 0.3 a z, kept within 0.2 … 1.8         need: the effect that helps most
///     C_p     = 0.5 exp(0.5 a z)                           side effects
///     load_i  = z                                          disease activity at the visit
///     size_i  = z_p + 0.2 z                                body size, nearly the same at every visit
///     s_i     = S_p exp(−0.1 size_i),   t_i = T_p + 0.25 load_i
///     u_i(d)  = 1 − (t_i − s_i d)² − C_p d²                what dose d does at the visit, truly
///     y_i     = u_i(d_i) + noise · ε                       what is measured
///
/// The dose d_i that was given is drawn evenly from the grid 0, 1/(n − 1), …, 1, so that it says nothing
/// of the patient. One dose for all is the one of the grid that is best on average over 1,000 visits of as
/// many patients that the clinic draws besides. u_i is concave, and its maximum lies at
///
///     d*_i    = s_i t_i / (s_i² + C_p),   or at the nearest end of 0 … 1
///
/// (at 0 where t_i is negative). One dose for all, or a model of the population, misses what only the
/// patient's own visits tell: S_p, T_p and C_p are in no feature. What is measured at a visit is known
/// before the next. All that is drawn depends on the stream's seed and the patient's name only.
public struct DoseClinic: Sendable {
  /// The 4 features: years, body size and disease activity in standard deviations, and the dose.
  public static let features = ["age", "body size", "disease activity", "dose"]

  /// The doses that there are to choose from, ascending from 0 to 1.
  public let doses: [Float]
  /// The place among ``doses`` of the one that is best on average, were all patients given the same.
  public let bestForAll: Int
  private let records: Int
  private let spread: Double
  private let noise: Double
  private let random: RandomStream

  /// A clinic whose patients have so many records each.
  ///
  /// - Precondition: there are records, 2 doses or more, and a spread and a noise that are not negative.
  public init(records: Int, doses: Int, spread: Double, noise: Double, random: RandomStream) {
    precondition(records > 0, "a patient of \(records) records is none")
    precondition(doses >= 2, "there is nothing to choose from \(doses) doses")
    precondition(spread >= 0 && noise >= 0, "spreads are not negative: \(spread), \(noise)")
    self.records = records
    self.doses = (0..<doses).map { Float($0) / Float(doses - 1) }
    self.spread = spread
    self.noise = noise
    self.random = random
    bestForAll = Self.bestForAll(of: self.doses, spread: spread, random: random.child("trial"))
  }

  /// The visits of a patient in the order of time, with what every dose would truly have done.
  public func cohort(of patient: String) -> Cohort {
    let random = random.child("patient").child(patient)
    var traits = random.child("traits")
    let person = Person(spread: spread, using: &traits)
    var rows = CohortRows(features: Self.features, knowsRisks: true)
    var truths: [Float] = []
    for number in 0..<records {
      var draws = random.child("visit", number)
      let visit = Visit(of: person, using: &draws)
      let given = draws.integer(below: doses.count)
      let outcomes = doses.map { visit.outcome(of: Double($0)) }
      let mean = outcomes[given]
      rows.append(
        [Float(person.age), Float(visit.size), Float(visit.load), doses[given]],
        outcome: Float(mean + noise * draws.normal()), trueRisk: mean)
      truths += outcomes.map { Float($0) }
    }
    var cohort = rows.cohort(of: patient)
    cohort.times = (0..<records).map { RecordTime(made: Double($0), known: Double($0) + 0.5) }
    cohort.isOrdered = true
    cohort.choice = DoseChoice(
      column: Self.features.count - 1, doses: doses,
      trueOutcomes: Matrix(rows: records, columns: doses.count, scalars: truths),
      bestForAll: bestForAll)
    return cohort
  }

  /// The dose that is truly best at every visit of a patient, whether or not it is on the grid.
  public func bestDoses(of patient: String) -> [Double] {
    let random = random.child("patient").child(patient)
    var traits = random.child("traits")
    let person = Person(spread: spread, using: &traits)
    return (0..<records).map { number in
      var draws = random.child("visit", number)
      return Visit(of: person, using: &draws).bestDose
    }
  }
}

extension DoseClinic {
  /// What a trial of every dose in patients outside of the federation would find, but for noise.
  private static func bestForAll(
    of doses: [Float], spread: Double, random: RandomStream
  ) -> Int {
    var sums = Array(repeating: 0.0, count: doses.count)
    for number in 0..<1000 {
      var draws = random.child("patient", number)
      let visit = Visit(of: Person(spread: spread, using: &draws), using: &draws)
      for (place, dose) in doses.enumerated() { sums[place] += visit.outcome(of: Double(dose)) }
    }
    return sums.indices.max { sums[$0] < sums[$1] } ?? 0
  }

  /// What distinguishes a patient.
  private struct Person {
    let age, size, sensitivity, need, sideEffects: Double

    init(spread: Double, using random: inout RandomStream) {
      let z = random.normal()
      age = 60 + 12 * z
      size = random.normal()
      sensitivity = min(max(1.2 * exp(-0.15 * z + 0.35 * spread * random.normal()), 0.5), 2.2)
      need = min(max(1 + 0.3 * spread * random.normal(), 0.2), 1.8)
      sideEffects = 0.5 * exp(0.5 * spread * random.normal())
    }
  }

  /// What a visit adds.
  private struct Visit {
    let load, size: Double
    private let sensitivity, need, sideEffects: Double

    init(of person: Person, using random: inout RandomStream) {
      load = random.normal()
      size = person.size + 0.2 * random.normal()
      sensitivity = person.sensitivity * exp(-0.1 * size)
      need = person.need + 0.25 * load
      sideEffects = person.sideEffects
    }

    func outcome(of dose: Double) -> Double {
      let gap = need - sensitivity * dose
      return 1 - gap * gap - sideEffects * dose * dose
    }

    var bestDose: Double {
      min(max(sensitivity * need / (sensitivity * sensitivity + sideEffects), 0), 1)
    }
  }
}
