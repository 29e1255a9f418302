import Models
import Tensors

/// The programs of a prototypical network on examples whose targets are classes, in either form.
///
/// It allocates when examples are more than all before.
final class PrototypeModel {
  let classes: Int
  private let network: Network
  private let programs: PrototypePrograms
  private let weights: [Range<Int>]
  private var shares: [Float] = []
  private var indicators: [Float] = []

  init(network: Network, classes: Int) {
    self.classes = classes
    self.network = network
    programs = PrototypePrograms(network, classes: classes)
    weights = zip(network.parameterTensors, network.tensors).filter { $0.0.isPenalised }.map(\.1)
  }

  /// The network's penalty on its weights.
  func penalty(at parameters: [Float]) -> Double {
    guard network.l2 != 0 else { return 0 }
    var sum = 0.0
    for range in weights {
      for index in range { sum += Double(parameters[index]) * Double(parameters[index]) }
    }
    return Double(network.l2) / 2 * sum
  }

  /// Overwrites the gradient of the query loss, and gives that.
  func gradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> Double {
    writeShares(of: episode.support)
    Self.write(episode.query.targets, classes, into: &indicators)
    return unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        Self.withRows(episode.support, shares, classes) { support in
          Self.withRows(episode.query, indicators, classes) { query in
            unsafe programs.gradient(
              at: parameters, support: support, query: query, into: gradient)
          }
        }
      }
    }
  }

  /// The logits of queries, `[rows, classes]`.
  func logits(
    at parameters: [Float], of query: PreparedExamples, knowing support: PreparedExamples
  ) -> Matrix {
    writeShares(of: support)
    return unsafe parameters.withUnsafeBufferPointer { parameters in
      Self.withRows(support, shares, classes) { support in
        unsafe programs.outputs(at: parameters, support: support, queries: query.inputs)
      }
    }
  }
}

extension PrototypeModel {
  /// The derivatives of the logits of queries by their inputs, each logit weighted by the query's targets.
  func slopes(
    at parameters: [Float], of query: PreparedExamples, knowing support: PreparedExamples
  ) -> Matrix {
    writeShares(of: support)
    return unsafe parameters.withUnsafeBufferPointer { parameters in
      Self.withRows(support, shares, classes) { support in
        query.withRows { query in
          unsafe programs.slopes(at: parameters, support: support, query: query)
        }
      }
    }
  }
}

// MARK: Classes

extension PrototypeModel {
  /// Writes the share that every example has in the prototypes: 1 over the examples of its class in that.
  private func writeShares(of support: PreparedExamples) {
    Self.write(support.targets, classes, into: &shares)
    for label in 0..<classes {
      var count: Float = 0
      for row in 0..<support.count { count += shares[row * classes + label] }
      guard count > 0 else { continue }
      for row in 0..<support.count { shares[row * classes + label] /= count }
    }
  }

  /// Writes ones and zeros, `[examples, classes]`, out of those or of the numbers of the classes.
  private static func write(_ targets: Matrix, _ classes: Int, into indicators: inout [Float]) {
    precondition(
      targets.columns == classes || targets.columns == 1,
      "\(targets.columns) columns of targets do not tell \(classes) classes")
    let count = targets.rows * classes
    if indicators.count < count { indicators = .zeros(count) }
    for row in 0..<targets.rows {
      for label in 0..<classes {
        indicators[row * classes + label] =
          targets.columns == 1 ? (targets[row, 0] == Float(label) ? 1 : 0) : targets[row, label]
      }
    }
  }

  private static func withRows<Result>(
    _ examples: PreparedExamples, _ targets: [Float], _ classes: Int,
    _ body: (LabelledRows) -> Result
  ) -> Result {
    unsafe examples.inputs.scalars.withUnsafeBufferPointer { inputs in
      unsafe targets.withUnsafeBufferPointer { targets in
        let own = unsafe UnsafeBufferPointer(rebasing: targets[0..<examples.count * classes])
        return unsafe body(LabelledRows(inputs: inputs, targets: own, rows: examples.count))
      }
    }
  }
}
