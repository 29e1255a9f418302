import Glibc
public import Tensors

/// Hospitals that see other patients: their features lie elsewhere, are spread otherwise, and go
/// together otherwise.
///
/// With u the features of a patient in standard deviations, g the hospital or its cluster, z and z′
/// standard normal numbers of g and every feature j, and ζ one of g:
///
///     u′ = R(strength · rotation · ζ_g) (exp(strength · scale · z_gj) u_j)_j + strength · shift · z′_gj
///
/// R turns by that angle in the planes of features 1 and 2, 3 and 4, and so on. At the synthetic
/// clinic u is the latent number behind a measurement, before the outcome is drawn: who comes is
/// different, and what features do is the same. Patients whose outcomes are there already keep them:
/// u is then the measurement in standard deviations from the hospital's mean, columns of 0 and 1 are
/// left, and what features do moves along.
public struct CaseMix: CohortRule, Equatable {
  /// The spread of means, in standard deviations of a feature.
  public let shift: Double
  /// The spread of the logarithm of standard deviations.
  public let scale: Double
  /// The spread of the angle, in degrees.
  public let rotation: Double
  /// Who sees patients of the same kind.
  public let sharing: Sharing

  /// Spreads between hospitals; 0 leaves them alike.
  public init(shift: Double, scale: Double, rotation: Double, sharing: Sharing) {
    self.shift = shift
    self.scale = scale
    self.rotation = rotation
    self.sharing = sharing
  }

  /// What the rule makes of standard scores at one hospital.
  struct Mapping: Sendable {
    let factors, offsets: [Double]
    let angle: Double

    func callAsFunction(_ scores: [Double]) -> [Double] {
      var scores = zip(scores, factors).map { $0 * $1 }
      if angle != 0 {
        let (sine, cosine) = (sin(angle), cos(angle))
        for first in stride(from: 0, to: scores.count - 1, by: 2) {
          let (one, other) = (scores[first], scores[first + 1])
          scores[first] = cosine * one - sine * other
          scores[first + 1] = sine * one + cosine * other
        }
      }
      return zip(scores, offsets).map { $0 + $1 }
    }
  }

  /// The mapping at `hospital` of the features with these names.
  func mapping(
    of features: [String], at hospital: String, strength: Double, random: RandomStream
  ) -> Mapping {
    let stream = sharing.stream(of: hospital, below: random)
    var turning = stream.child("angle")
    let angle = rotation == 0 ? 0 : strength * rotation * turning.normal() * .pi / 180
    let normal = { (name: String, feature: String) in
      var draw = stream.child(name).child(feature)
      return draw.normal()
    }
    return Mapping(
      factors: features.map { exp(strength * scale * normal("factor", $0)) },
      offsets: features.map { strength * shift * normal("offset", $0) }, angle: angle)
  }

  /// The patients as others, with the outcomes that they have.
  public func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    let columns = cohort.features.indices.filter { !cohort.isYesOrNo($0) }
    let scale = Standardiser(FeatureSums(of: cohort.inputs))
    let mapping = mapping(
      of: columns.map { cohort.features[$0] }, at: cohort.hospital, strength: strength,
      random: random)
    var mapped = cohort
    for row in cohort.outcomes.indices {
      let scores = columns.map {
        (Double(cohort.inputs[row, $0]) - scale.means[$0]) / scale.scales[$0]
      }
      for (column, score) in zip(columns, mapping(scores)) {
        mapped.inputs[row, column] = Float(scale.means[column] + scale.scales[column] * score)
      }
    }
    return mapped
  }
}
