import Tensors

/// Synthetic hospitals at which features act differently on the outcome.
///
/// With g the hospital or its cluster and z standard normal:
///
///     β′_hj = β_hj + strength · spread · z_gj
///
/// The outcome is drawn from the risk that these effects give, so true risks stay true. Of real
/// patients the outcome is known and cannot be drawn anew: there is no such rule for them.
public struct ConceptShift: Equatable, Sendable {
  /// The spread of effects, in units of the linear predictor per standard deviation of a feature.
  public let spread: Double
  /// Who agrees on what features do.
  public let sharing: Sharing

  /// A spread between hospitals, or between clusters of hospitals that agree.
  public init(spread: Double, sharing: Sharing) {
    self.spread = spread
    self.sharing = sharing
  }

  /// What is added to the effects of the features with these names.
  func offsets(
    of features: [String], at hospital: String, strength: Double, random: RandomStream
  ) -> [Double] {
    let stream = sharing.stream(of: hospital, below: random)
    return features.map { feature in
      var draw = stream.child("effect").child(feature)
      return strength * spread * draw.normal()
    }
  }
}
