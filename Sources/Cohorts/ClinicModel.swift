import Glibc
import Tensors

/// The generative model of ``SyntheticClinic``, up to the linear predictor of the outcome.
struct ClinicModel: Sendable {
  /// What distinguishes a hospital.
  struct Site {
    /// How far each feature's mean is shifted, in standard deviations.
    let shifts: [Double]
    /// How each feature acts on the outcome.
    var effects: [Double]
    /// What rules make of the latent numbers, one after the other.
    var mixes: [CaseMix.Mapping] = []
  }

  let features: [ClinicalFeature]
  let caseMix: Double
  let effectSpread: Double

  /// The share of the spread of effects that lies along the referral pattern.
  private static let alongReferral = 0.7

  /// The hospital that a stream stands for.
  func site(random: RandomStream) -> Site {
    var shifts = random.child("case-mix")
    var effects = random.child("effects")
    let referral = Self.alongReferral.squareRoot() * effects.normal()
    let rest = (1 - Self.alongReferral).squareRoot()
    return Site(
      shifts: features.map { _ in caseMix * shifts.normal() },
      effects: features.map {
        $0.effect + effectSpread * (referral * $0.referral + rest * effects.normal())
      })
  }

  /// A patient: measurements in clinical units, and the linear predictor that they give.
  func patient(
    at site: Site, using random: inout RandomStream
  ) -> (inputs: [Float], predictor: Double) {
    let severity = random.normal()
    let metabolic = random.normal()
    var latent: [Double] = []
    for (index, feature) in features.enumerated() {
      latent.append(
        feature.severity * severity + feature.metabolic * metabolic + feature.own * random.normal()
          + site.shifts[index])
    }
    return record(of: site.mixes.reduce(latent) { $1($0) }, at: site)
  }

  /// What is written down of a patient with these latent numbers.
  private func record(
    of latent: [Double], at site: Site
  ) -> (inputs: [Float], predictor: Double) {
    var inputs: [Float] = []
    var scores: [Double] = []
    for (feature, number) in zip(features, latent) {
      // The risk is a function of what is written down in single precision, not of what lies behind.
      let written = Float(feature.measurement(of: number))
      inputs.append(written)
      scores.append(feature.standardScore(of: Double(written)))
    }
    return (inputs, predictor(of: scores, effects: site.effects))
  }

  private func predictor(of scores: [Double], effects: [Double]) -> Double {
    var sum = zip(scores, effects).reduce(0) { $0 + $1.0 * $1.1 }
    if scores.count > 1 { sum += 0.4 * scores[0] * scores[1] }
    if scores.count > 3 { sum += 0.3 * (scores[3] * scores[3] - 1) }
    return sum
  }
}

// MARK: Calibration

extension ClinicModel {
  /// The intercept at which the mean probability over imaginary hospitals is `prevalence`.
  func intercept(forPrevalence prevalence: Double, random: RandomStream) -> Double {
    let predictors = imaginaryPredictors(hospitals: 512, patients: 32, random: random)
    var range = -50.0...50.0
    // Halved until it is narrower than anything that sampling can tell.
    while range.upperBound - range.lowerBound > 1e-6 {
      let middle = (range.lowerBound + range.upperBound) / 2
      let mean = predictors.reduce(0) { $0 + Self.logistic(middle + $1) } / Double(predictors.count)
      range = mean < prevalence ? middle...range.upperBound : range.lowerBound...middle
    }
    return (range.lowerBound + range.upperBound) / 2
  }

  private func imaginaryPredictors(
    hospitals: Int, patients: Int, random: RandomStream
  ) -> [Double] {
    (0..<hospitals).flatMap { hospital in
      let site = site(random: random.child("site", hospital))
      var draws = random.child("patients", hospital)
      return (0..<patients).map { _ in patient(at: site, using: &draws).predictor }
    }
  }

  /// 1 / (1 + exp(-x)).
  static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
