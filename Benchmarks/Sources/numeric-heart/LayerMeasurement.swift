import MetaLearning
import Models
import Tensors

/// A network with layers of one kind, beside a network of dense layers alone that does as much.
struct LayerMeasurement {
  /// What the layers are called.
  let name: String
  let network: Network
  /// Dense layers of the same number of multiplications, as near as whole units come, or the same without the layers.
  let twin: Network

  /// The multiplications of a forward pass of one example, as matrix products have them.
  let products: Int
  let twinProducts: Int

  private static let turns = 7
  private static let outputs = 2

  /// One JSON line: the times of loss, gradient and Hessian-vector product over those of the twin, in turns.
  func line() -> String {
    let ratios = (0..<Self.turns).map { _ in turn() }
    let fields = [
      ("layers", "\"\(name)\""), ("kernels", "\"\(BLAS.kernels)\""), ("products", "\(products)"),
      ("densePproducts", "\(twinProducts)"),
      ("loss", Self.spread(ratios.map(\.loss))),
      ("gradient", Self.spread(ratios.map(\.gradient))),
      ("product", Self.spread(ratios.map(\.product))),
    ]
    return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  /// The times for one multiplication over those of the twin, of which one follows the other.
  private func turn() -> (loss: Double, gradient: Double, product: Double) {
    var (own, others) = (costs(of: network), costs(of: twin))
    own.measure()
    others.measure()
    let share = Double(twinProducts) / Double(products)
    return (
      share * own.loss / others.loss, share * own.gradient / others.gradient,
      share * own.product / others.product
    )
  }

  private func costs(of network: Network) -> UnitCosts {
    let workload = Workload(
      name: name, network: network, points: 16, inner: InnerLoop(steps: 1, rate: 0), tasks: 1)
    return UnitCosts(network, workload.episodes())
  }

  /// The median, and the least and most.
  private static func spread(_ numbers: [Double]) -> String {
    let sorted = numbers.sorted()
    let told = [sorted[sorted.count / 2], sorted[0], sorted[sorted.count - 1]]
    return "[" + told.map { "\(($0 * 100).rounded() / 100)" }.joined(separator: ", ") + "]"
  }
}

// MARK: Kinds of layers

extension LayerMeasurement {
  private static let steps = 32
  private static let channels = 4
  private static var readings: Int { steps * channels }
  private static let dense = Layer.dense(Dense(units: 64, activation: .tanh))

  /// A row a kind of layer; the first is what noise there is.
  static var all: [LayerMeasurement] {
    [
      beside("dense", [dense, dense], without: [dense, dense]),
      beside("normalise", [dense, .normalisation], without: [dense]),
      beside("residual", [dense, .residual([dense, dense])], without: [dense, dense, dense]),
      embedding(categories: 8, levels: 8, width: 8),
      sequence(
        "convolution", .convolution(Convolution(channels: 16, width: 5, activation: .tanh)),
        products: 28 * 20 * 16, leaving: 28 * 16),
      sequence(
        "convolution, pool: max",
        .convolution(
          Convolution(channels: 16, width: 5, activation: .tanh, pool: .max, window: 2)),
        products: 28 * 20 * 16, leaving: 14 * 16),
      sequence(
        "convolution, pool: mean",
        .convolution(
          Convolution(channels: 16, width: 5, activation: .tanh, pool: .mean, window: 2)),
        products: 28 * 20 * 16, leaving: 14 * 16),
      sequence(
        "gru", .recurrent(GatedRecurrentUnit(units: 16)),
        // The first step has no state to multiply.
        products: steps * channels * 48 + (steps - 1) * 16 * 48, leaving: 16),
    ]
  }

  /// Layers beside the same without what does not multiply.
  private static func beside(
    _ name: String, _ layers: [Layer], without plain: [Layer]
  ) -> LayerMeasurement {
    let networks = [layers, plain].map {
      Network(inputs: 64, layers: $0, outputs: outputs, loss: .softmaxCrossEntropy)
    }
    return LayerMeasurement(
      name: name, network: networks[0], twin: networks[1], products: 1, twinProducts: 1)
  }

  /// Vectors of codes before a dense layer, beside that on as many numbers.
  private static func embedding(categories: Int, levels: Int, width: Int) -> LayerMeasurement {
    let network = Network(
      inputs: categories, layers: [.embedding(Embedding(width: width)), dense], outputs: outputs,
      loss: .softmaxCrossEntropy,
      categories: Categories(levels: Array(repeating: levels, count: categories)))
    let twin = Network(
      inputs: categories * width, layers: [dense], outputs: outputs, loss: .softmaxCrossEntropy)
    return LayerMeasurement(
      name: "embedding", network: network, twin: twin, products: 1, twinProducts: 1)
  }

  /// A layer along time, beside one dense layer of the same readings with about as many multiplications.
  private static func sequence(
    _ name: String, _ layer: Layer, products: Int, leaving numbers: Int
  ) -> LayerMeasurement {
    let all = products + numbers * outputs
    let units = all / (readings + outputs)
    let network = Network(
      inputs: readings, layers: [layer], outputs: outputs, loss: .softmaxCrossEntropy,
      time: TimeAxis(first: 0, steps: steps, channels: channels, isLatestFirst: false))
    let twin = Network(
      inputs: readings, hidden: [Dense(units: units, activation: .tanh)], outputs: outputs,
      loss: .softmaxCrossEntropy)
    return LayerMeasurement(
      name: name, network: network, twin: twin, products: all,
      twinProducts: units * (readings + outputs))
  }
}
