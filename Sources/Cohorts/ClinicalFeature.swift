import Glibc

/// A measurement of the synthetic clinic: how it is spread among patients, and what it means.
struct ClinicalFeature: Sendable {
  /// How a measurement in clinical units comes of a latent standard normal number.
  enum Scale: Sendable {
    /// `mean + spread · u`.
    case normal(mean: Double, spread: Double)
    /// `median · exp(spread · u)`: laboratory values with a long upper tail.
    case logNormal(median: Double, spread: Double)
    /// 1 where u exceeds `threshold`, which a share of `share` does at the average hospital.
    case yesOrNo(threshold: Double, share: Double)
  }

  let name: String
  let scale: Scale
  /// What a living patient can have, and what an instrument can show.
  let limits: ClosedRange<Double>
  /// How finely it is written down.
  let step: Double
  /// How far it goes with the severity of illness.
  let severity: Double
  /// How far it goes with metabolic burden.
  let metabolic: Double
  /// The mean over hospitals of its effect on the outcome, per standard deviation.
  let effect: Double
  /// Whether hospitals of the first referral pattern see it act more strongly, or less.
  let referral: Double

  init(
    _ name: String, _ scale: Scale, in limits: ClosedRange<Double> = 0...1, step: Double = 1,
    severity: Double = 0, metabolic: Double = 0, effect: Double, referral: Double
  ) {
    self.name = name
    self.scale = scale
    self.limits = limits
    self.step = step
    self.severity = severity
    self.metabolic = metabolic
    self.effect = effect
    self.referral = referral
  }

  /// The part of the latent number that is the feature's own, so that its variance is 1.
  var own: Double { (1 - severity * severity - metabolic * metabolic).squareRoot() }

  /// The measurement of a latent number, as it is written down.
  func measurement(of latent: Double) -> Double {
    let exact =
      switch scale {
      case .normal(let mean, let spread): mean + spread * latent
      case .logNormal(let median, let spread): median * exp(spread * latent)
      case .yesOrNo(let threshold, _): latent > threshold ? 1.0 : 0
      }
    let written = (exact / step).rounded() * step
    return min(max(written, limits.lowerBound), limits.upperBound)
  }

  /// The measurement in standard deviations from the average hospital's mean.
  func standardScore(of measurement: Double) -> Double {
    switch scale {
    case .normal(let mean, let spread): (measurement - mean) / spread
    case .logNormal(let median, let spread): log(measurement / median) / spread
    case .yesOrNo(_, let share): (measurement - share) / (share * (1 - share)).squareRoot()
    }
  }
}

extension ClinicalFeature {
  /// What the synthetic clinic measures, in the order in which features are taken.
  static let all: [ClinicalFeature] = [
    .init(
      "age", .normal(mean: 62, spread: 13), in: 18...100, severity: 0.3, effect: 0.4, referral: 1),
    .init(
      "systolic blood pressure", .normal(mean: 134, spread: 20), in: 60...240, severity: -0.2,
      metabolic: 0.4, effect: 0.25, referral: 1),
    .init(
      "total cholesterol", .normal(mean: 205, spread: 42), in: 80...420, metabolic: 0.5,
      effect: 0.2, referral: -1),
    .init(
      "heart rate", .normal(mean: 82, spread: 16), in: 35...190, severity: 0.5, effect: 0.25,
      referral: 1),
    .init("sex", .yesOrNo(threshold: 0, share: 0.5), effect: 0.25, referral: -1),
    .init(
      "body mass index", .normal(mean: 27.5, spread: 4.8), in: 14...55, step: 0.1, metabolic: 0.6,
      effect: 0.15, referral: -1),
    .init(
      "glucose", .logNormal(median: 108, spread: 0.28), in: 40...600, severity: 0.2, metabolic: 0.6,
      effect: 0.25, referral: -1),
    .init(
      "creatinine", .logNormal(median: 1, spread: 0.32), in: 0.3...12, step: 0.01, severity: 0.4,
      metabolic: 0.2, effect: 0.3, referral: 1),
    .init("smoker", .yesOrNo(threshold: 0.6745, share: 0.25), effect: 0.25, referral: 1),
    .init(
      "diabetes", .yesOrNo(threshold: 0.8416, share: 0.2), metabolic: 0.6, effect: 0.25,
      referral: -1),
    .init(
      "respiratory rate", .normal(mean: 18, spread: 4), in: 6...50, severity: 0.6, effect: 0.25,
      referral: 1),
    .init(
      "oxygen saturation", .normal(mean: 95, spread: 2.4), in: 70...100, severity: -0.6,
      effect: -0.3, referral: -1),
    .init(
      "C-reactive protein", .logNormal(median: 20, spread: 0.5), in: 0.5...150, step: 0.1,
      severity: 0.6, effect: 0.25, referral: -1),
    .init(
      "haemoglobin", .normal(mean: 13.4, spread: 1.7), in: 5...20, step: 0.1, severity: -0.3,
      effect: -0.2, referral: 1),
    .init(
      "ejection fraction", .normal(mean: 54, spread: 10), in: 10...80, severity: -0.4,
      effect: -0.35, referral: -1),
    .init(
      "temperature", .normal(mean: 37, spread: 0.7), in: 33...42, step: 0.1, severity: 0.3,
      effect: 0.1, referral: 1),
  ]
}
