extension ModelPlan {
  /// One hidden layer.
  public indirect enum Layer: Codable, Equatable, Sendable {
    /// An affine map onto so many units, and what is applied to them.
    case dense(units: Int, activation: Activation)
    /// The numbers of each example are brought to mean 0 and variance 1, then scaled and shifted.
    case normalisation
    /// What these layers make of the numbers is added to the numbers.
    case residual([Layer])
    /// The same map of every few steps of a sequence.
    case convolution(Convolution)
    /// A gated recurrent unit with a state of so many numbers.
    case gru(units: Int, states: States)
    /// A vector of so many numbers for every answer of these categories, or of all that the data set has.
    case embedding(width: Int, features: [String]?)

    /// A dense layer.
    public init(units: Int, activation: Activation) {
      self = .dense(units: units, activation: activation)
    }
  }

  /// The same affine map of every few steps of a sequence.
  public struct Convolution: Codable, Equatable, Sendable {
    /// How steps are pooled.
    public enum Pool: String, Codable, CaseIterable, Sendable {
      /// They are left as they are.
      case none
      /// The largest of each channel.
      case max
      /// The mean of each channel.
      case mean
    }

    /// The numbers that come out for a step.
    public var channels: Int
    /// The steps that the filter sees at once.
    public var width: Int
    /// What is applied to every number.
    public var activation: Activation
    /// How steps are pooled.
    public var pool: Pool
    /// How many steps are pooled into one; `nil` pools all.
    public var window: Int?

    /// Takes every setting as it is; settings are checked where a scenario is read.
    public init(
      channels: Int, width: Int, activation: Activation, pool: Pool, window: Int? = nil
    ) {
      self.channels = channels
      self.width = width
      self.activation = activation
      self.pool = pool
      self.window = window
    }
  }

  /// Which states of a recurrent layer come out.
  public enum States: String, Codable, CaseIterable, Sendable {
    /// The one after the latest step.
    case last
    /// Those after all steps, which are a sequence.
    case all
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
  case convolution
  case gru
  case embedding

  /// The settings that a layer of this kind has.
  var settings: [String] {
    switch self {
    case .dense: ["activation"]
    case .normalise, .residual: []
    case .convolution: ["width", "activation", "pool", "window"]
    case .gru: ["states"]
    case .embedding: ["features"]
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
    case .convolution(let convolution): convolution.document
    case .gru(let units, let states):
      .mapping([("gru", .whole(units)), ("states", .text(states.rawValue))])
    case .embedding(let width, let features):
      .mapping(
        [("embedding", .whole(width))]
          + (features.map { [("features", .list($0.map { .text($0) }))] } ?? []))
    }
  }
}

extension ModelPlan.Convolution {
  fileprivate var document: ScenarioDocument {
    .mapping(
      [
        ("convolution", .whole(channels)), ("width", .whole(width)),
        ("activation", .text(activation.rawValue)), ("pool", .text(pool.rawValue)),
      ] + (window.map { [("window", ScenarioDocument.whole($0))] } ?? []))
  }
}
