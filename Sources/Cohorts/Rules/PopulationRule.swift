import Tensors

/// A rule of who comes to a synthetic hospital, or of what features do there, as it is in force.
struct PopulationRule {
  /// What the rule is about.
  enum Kind {
    case caseMix(CaseMix)
    case conceptShift(ConceptShift)
  }

  let kind: Kind
  let strength: Double
  /// The rule's own stream.
  let random: RandomStream
}
