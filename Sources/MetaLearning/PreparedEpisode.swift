public import Cohorts
public import Models
public import Tensors

/// Examples with their targets in the form that the loss of a network wants, made once.
public struct PreparedExamples: Sendable {
  /// The features, `[examples, features]`.
  public let inputs: Matrix
  /// What the outputs are compared with, `[examples, outputs]`: ones and zeros for classes with
  /// softmax cross-entropy, else the outcome.
  public let targets: Matrix

  /// Examples for a network, with outcomes that its loss knows.
  ///
  /// - Precondition: the examples have as many features as the network has inputs; with softmax
  ///   cross-entropy every outcome is the index of a class, else the network has one output.
  public init(_ examples: Examples, for network: Network) {
    precondition(
      examples.inputs.columns == network.inputs,
      "a network of \(network.inputs) inputs cannot take \(examples.inputs.columns) features")
    precondition(
      network.loss == .softmaxCrossEntropy || network.outputs == 1,
      "an outcome is one number and cannot be compared with \(network.outputs) outputs")
    inputs = examples.inputs
    targets =
      switch network.loss {
      case .softmaxCrossEntropy: Self.indicators(of: examples.outcomes, classes: network.outputs)
      case .binaryCrossEntropy, .meanSquaredError:
        Matrix(rows: examples.count, columns: 1, scalars: examples.outcomes)
      }
  }

  /// Examples with targets as a loss wants them, for networks of any number of outputs.
  ///
  /// - Precondition: there is a row of targets for every row of inputs.
  public init(inputs: Matrix, targets: Matrix) {
    precondition(
      inputs.rows == targets.rows, "\(inputs.rows) inputs do not fit \(targets.rows) targets")
    self.inputs = inputs
    self.targets = targets
  }

  /// The number of examples.
  public var count: Int { inputs.rows }

  /// Lends the examples to a network's programs, without a copy; not to be kept.
  public func withRows<Result>(_ body: (LabelledRows) -> Result) -> Result {
    unsafe inputs.scalars.withUnsafeBufferPointer { inputs in
      unsafe targets.scalars.withUnsafeBufferPointer { targets in
        unsafe body(LabelledRows(inputs: inputs, targets: targets, rows: count))
      }
    }
  }

  private static func indicators(of outcomes: [Float], classes: Int) -> Matrix {
    var indicators = Matrix(rows: outcomes.count, columns: classes)
    for (row, outcome) in outcomes.enumerated() {
      precondition(
        outcome >= 0 && outcome < Float(classes) && outcome == outcome.rounded(),
        "the outcome in row \(row) is not the index of one of \(classes) classes")
      indicators[row, Int(outcome)] = 1
    }
    return indicators
  }
}

/// An episode with its targets in the form that the loss of a network wants, made once.
public struct PreparedEpisode: Sendable {
  /// What is adapted on.
  public let support: PreparedExamples
  /// What adaptation is judged on.
  public let query: PreparedExamples

  /// An episode for a network; see ``PreparedExamples`` for what has to fit.
  public init(_ episode: Episode, for network: Network) {
    self.init(
      support: PreparedExamples(episode.support, for: network),
      query: PreparedExamples(episode.query, for: network))
  }

  /// An episode of examples that are prepared already.
  public init(support: PreparedExamples, query: PreparedExamples) {
    self.support = support
    self.query = query
  }
}
