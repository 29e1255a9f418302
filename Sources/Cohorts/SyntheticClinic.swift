import Glibc
public import Tensors

/// Tabular patients of hospitals that differ, from a generative model whose true risk is known.
///
/// Hospital h and patient i, features j = 1 … F; all draws are independent standard normals:
///
///     u_ij   = λ_j severity_i + μ_j metabolic_i + √(1 − λ_j² − μ_j²) own_ij + caseMix · shift_hj
///     x_ij   = u_ij in clinical units: linear, log-normal or yes/no, rounded, within limits
///     t_ij   = x_ij in standard deviations from the average hospital's mean
///     β_hj   = β_j + effectSpread · (√0.7 referral_h r_j + √0.3 effect_hj)          r_j = ±1
///     η_i    = Σ_j β_hj t_ij + 0.4 t_age t_pressure + 0.3 (t_heartrate² − 1)
///
/// So severe illness goes with fast breathing and low saturation, metabolic burden with weight,
/// sugar and pressure; patients differ between hospitals by `shift` (in standard deviations), and
/// features act differently, most of it along one direction that a hospital's referral pattern
/// decides. Age and pressure together weigh more than each, and a heart too slow is as bad as one
/// too fast: terms that no linear model has. Terms of features that are not asked for fall away. The
/// constants of every feature stand in one table, `ClinicalFeature.all`.
///
/// **Diagnosis**: P(disease) = 1 / (1 + exp(−a − η)), with one a for all hospitals, set by bisection
/// so that the mean probability over 512 imaginary hospitals of the same model is the prevalence.
///
/// **Length of stay**: the true mean is 1 + 2 ln(1 + exp(2 + 0.6 η)) days, and the outcome the mean
/// times 1 + ε/4, ε standard normal, drawn again beyond ±2.
///
/// The number of patients is log-normal about the mean (standard deviation of the logarithm 0.25),
/// within half and twice of it. All that is drawn depends on the stream's seed and the hospital's
/// name only.
public struct SyntheticClinic: Sendable {
  /// What is to be predicted.
  public enum Outcome: Sendable {
    /// Disease or none.
    case diagnosis
    /// Days in hospital, a positive number.
    case lengthOfStay
  }

  /// The features that patients can have, in the order in which they are taken.
  ///
  /// Age (years), systolic blood pressure (mm Hg), total cholesterol (mg/dl), heart rate (beats/min),
  /// sex (1 male), body mass index (kg/m²), glucose (mg/dl), creatinine (mg/dl), smoker (1 yes),
  /// diabetes (1 yes), respiratory rate (breaths/min), oxygen saturation (%), C-reactive protein
  /// (mg/l), haemoglobin (g/dl), left ventricular ejection fraction (%), temperature (°C).
  public static let featureNames = ClinicalFeature.all.map(\.name)

  /// The share with the disease on average over hospitals; 1/2 where lengths of stay are predicted.
  let prevalence: Double
  private let patients: Int
  private let outcome: Outcome
  private let random: RandomStream
  private let model: ClinicModel
  /// The a of the formula; 0 where lengths of stay are predicted.
  private let intercept: Double

  /// A clinic of hospitals with `patients` patients on average.
  ///
  /// `caseMix` and `effectSpread` say how far hospitals differ; 0 makes them alike. `prevalence` is
  /// the share with the disease on average over hospitals, and of no account for lengths of stay.
  ///
  /// - Precondition: there are patients, from 1 feature to all of ``featureNames``, spreads that are
  ///   not negative, and a prevalence above 0 and below 1.
  public init(
    patients: Int, features: Int, outcome: Outcome, caseMix: Double, effectSpread: Double,
    prevalence: Double, random: RandomStream
  ) {
    let known = Self.featureNames.count
    precondition(patients > 0, "a hospital of \(patients) patients is none")
    precondition(
      (1...known).contains(features), "the clinic knows 1 to \(known) features, not \(features)")
    precondition(
      caseMix >= 0 && effectSpread >= 0, "spreads are not negative: \(caseMix), \(effectSpread)")
    precondition(prevalence > 0 && prevalence < 1, "a prevalence of \(prevalence) is no share")
    self.patients = patients
    self.outcome = outcome
    self.prevalence = outcome == .diagnosis ? prevalence : 0.5
    self.random = random
    model = ClinicModel(
      features: Array(ClinicalFeature.all.prefix(features)), caseMix: caseMix,
      effectSpread: effectSpread)
    intercept =
      outcome == .diagnosis
      ? model.intercept(forPrevalence: prevalence, random: random.child("calibration")) : 0
  }

  /// The patients of `hospital`, in clinical units, with their true risks.
  public func cohort(of hospital: String) -> Cohort {
    cohort(of: hospital, patients: size(of: hospital), under: [])
  }

  /// The first so many patients of `hospital`, all alike and each its own, where rules of who comes
  /// and what features do are in force.
  func cohort(of hospital: String, patients: Int, under rules: [PopulationRule]) -> Cohort {
    let random = random.child("hospital").child(hospital)
    let site = site(of: hospital, under: rules)
    var rows = CohortRows(features: model.features.map(\.name), knowsRisks: true)
    for patient in 0..<patients {
      var draws = random.child("patient", patient)
      let (inputs, predictor) = model.patient(at: site, using: &draws)
      let (result, risk) = result(of: predictor, using: &draws)
      rows.append(inputs, outcome: result, trueRisk: risk)
    }
    return rows.cohort(of: hospital)
  }

  private func site(of hospital: String, under rules: [PopulationRule]) -> ClinicModel.Site {
    var site = model.site(random: random.child("hospital").child(hospital))
    let features = model.features.map(\.name)
    for rule in rules {
      switch rule.kind {
      case .caseMix(let mix):
        site.mixes.append(
          mix.mapping(of: features, at: hospital, strength: rule.strength, random: rule.random))
      case .conceptShift(let shift):
        let offsets = shift.offsets(
          of: features, at: hospital, strength: rule.strength, random: rule.random)
        site.effects = zip(site.effects, offsets).map { $0 + $1 }
      }
    }
    return site
  }

  /// How many patients `hospital` has.
  func size(of hospital: String) -> Int {
    var random = random.child("hospital").child(hospital).child("size")
    let drawn = Double(patients) * exp(0.25 * random.normal() - 0.25 * 0.25 / 2)
    return min(max(Int(drawn.rounded()), (patients + 1) / 2), 2 * patients)
  }

  private func result(
    of predictor: Double, using random: inout RandomStream
  ) -> (outcome: Float, risk: Double) {
    switch outcome {
    case .diagnosis:
      let risk = ClinicModel.logistic(intercept + predictor)
      return (random.uniform() < risk ? 1 : 0, risk)
    case .lengthOfStay:
      let mean = 1 + 2 * log1p(exp(2 + 0.6 * predictor))
      return (Float(mean * (1 + random.truncatedNormal() / 4)), mean)
    }
  }
}
