extension ModelPlan {
  /// One hidden layer.
  public indirect enum Layer: Codable, Equatable, Sendable {
    /// An affine map onto so many units, and what is applied to them.
    case dense(units: Int, activation: Activation)
    /// The numbers of each example are brought to mean 0 and variance 1, then scaled and shifted.
    case normalisation
    /// What these layers make of the numbers is added to the numbers.
    case residual([Layer])

    /// A dense layer.
    public init(units: Int, activation: Activation) {
      self = .dense(units: units, activation: activation)
    }
  }

  /// What a layer of normalisation normalises.
  public enum Normalisation: String, Codable, CaseIterable, Sendable {
    /// Each example by itself. There is none over examples: its statistics would be those of a support set.
    case layer
  }
}

/// The kinds of layers, by the keys that scenarios use.
enum LayerKind: String, CaseIterable {
  case dense
  case normalise
  case residual

  /// The settings that a layer of this kind has.
  var settings: [String] {
    switch self {
    case .dense: ["activation"]
    case .normalise, .residual: []
    }
  }
}

extension ModelPlan.Layer {
  var document: ScenarioDocument {
    switch self {
    case .dense(let units, let activation):
      .mapping([("dense", .whole(units)), ("activation", .text(activation.rawValue))])
    case .normalisation:
      .mapping([("normalise", .text(ModelPlan.Normalisation.layer.rawValue))])
    case .residual(let layers): .mapping([("residual", .list(layers.map(\.document)))])
    }
  }
}
