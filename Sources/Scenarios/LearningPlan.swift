/// What is predicted, and how many patients an episode has.
public struct TaskPlan: Codable, Equatable, Sendable {
  /// The kind of outcome.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// One of two classes, or of as many as the source of patients has.
    case classification
    /// A number.
    case regression
  }

  /// The kind of outcome.
  public var kind: Kind
  /// Patients in the support set of a training episode.
  public var support: Int
  /// Patients in the query set of a training episode.
  public var query: Int

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(kind: Kind, support: Int, query: Int) {
    self.kind = kind
    self.support = support
    self.query = query
  }
}

/// A network: hidden layers as listed, and a dense output layer that the loss decides.
public struct ModelPlan: Codable, Equatable, Sendable {
  /// A function applied to each entry of a layer's output.
  public enum Activation: String, Codable, CaseIterable, Sendable {
    /// The larger of the entry and zero.
    case relu
    /// The hyperbolic tangent.
    case tanh
    /// The logistic function.
    case sigmoid
    /// The Gaussian error linear unit, in its form with tanh.
    case gelu
    /// The entry itself.
    case identity
  }

  /// What is minimised.
  public enum Loss: String, Codable, CaseIterable, Sendable {
    /// An output for each class; the default of classification.
    case softmaxCrossEntropy = "softmax-cross-entropy"
    /// One output, a logit; for classification of two classes.
    case binaryCrossEntropy = "binary-cross-entropy"
    /// One output; the default of regression, and accepted for classification of 0 and 1.
    case meanSquaredError = "mean-squared-error"
  }

  /// How the weights start; biases start at zero unless said otherwise.
  public enum Initialiser: String, Codable, CaseIterable, Sendable {
    /// Uniform within sqrt(6 / (fan-in + fan-out)); Glorot and Bengio 2010.
    case glorot
    /// Normal with variance 2 / fan-in; He et al. 2015.
    case he
    /// Normal with standard deviation 0.01, drawn again beyond two of them; the MAML paper's code.
    case truncatedNormal = "truncated-normal"
    /// Weights and biases uniform within 1 / sqrt(fan-in).
    case uniformFanIn = "uniform-fan-in"
  }

  /// The hidden layers, from input to output; none makes a linear model.
  public var layers: [Layer]
  /// What is minimised; it decides the number of outputs.
  public var loss: Loss
  /// The factor of half the sum of squared weights that is added to the loss.
  public var l2: Double
  /// How the weights start.
  public var initialiser: Initialiser

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(layers: [Layer], loss: Loss, l2: Double, initialiser: Initialiser) {
    self.layers = layers
    self.loss = loss
    self.l2 = l2
    self.initialiser = initialiser
  }
}
