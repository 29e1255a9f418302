import Glibc
public import Tensors

/// Hospitals that do not measure everything.
///
/// Patient i of hospital h lacks feature j with probability
///
///     strength · 1 / (1 + exp(−(logit(share) + by-value · t_ij)))
///
/// t being the feature in standard deviations from the hospital's mean: with by-value 0 at random,
/// above 0 the more often the higher. A share `columns` of the features, drawn by each hospital, and
/// those of `never` are lacked by every patient (of a share `strength` of patients).
///
/// What is missing is NaN here and is the training mean to the model: 0 after standardisation. Where
/// asked for, a further column says 1 where the feature is missing.
public struct MissingFeatures: CohortRule, Equatable {
  /// The features that can be missing; all if nil.
  public let features: Set<String>?
  /// How often a feature is missing.
  public let share: Double
  /// How that depends on the feature: the change of log odds per standard deviation.
  public let byValue: Double
  /// The share of features that a hospital never measures.
  public let columns: Double
  /// The features that no hospital concerned measures.
  public let never: Set<String>

  /// What is missing, and how often.
  public init(
    of features: Set<String>? = nil, share: Double = 0, byValue: Double = 0, columns: Double = 0,
    never: Set<String> = []
  ) {
    self.features = features
    self.share = share
    self.byValue = byValue
    self.columns = columns
    self.never = never
  }

  /// The patients with NaN where a feature is missing.
  public func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    var measured = cohort
    let scale = Standardiser(FeatureSums(of: cohort.inputs))
    let stream = random.child("hospital").child(cohort.hospital)
    for (column, feature) in cohort.features.enumerated() {
      let isNever = isNeverMeasured(feature, stream)
      guard isNever || share > 0, isNever || features?.contains(feature) ?? true else { continue }
      for row in cohort.outcomes.indices {
        let score =
          (Double(cohort.inputs[row, column]) - scale.means[column]) / scale.scales[column]
        let chance = strength * (isNever ? 1 : probability(at: score))
        var draw = stream.child("missing").child(feature).child("patient", cohort.numbers[row])
        if draw.uniform() < chance { measured.inputs[row, column] = .nan }
      }
    }
    return measured
  }

  private func isNeverMeasured(_ feature: String, _ stream: RandomStream) -> Bool {
    if never.contains(feature) { return true }
    var draw = stream.child("columns").child(feature)
    return features?.contains(feature) ?? true && draw.uniform() < columns
  }

  private func probability(at score: Double) -> Double {
    guard byValue != 0, share < 1 else { return share }
    return 1 / (1 + exp(-(log(share / (1 - share)) + byValue * score)))
  }
}
