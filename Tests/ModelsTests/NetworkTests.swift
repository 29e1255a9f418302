import Models
import Tensors
import Testing

struct NetworkTests {
  private let network = Network(
    inputs: 13, hidden: [Dense(units: 64, activation: .relu), Dense(units: 32, activation: .tanh)],
    outputs: 2, loss: .softmaxCrossEntropy)

  @Test("layers lead from the inputs to the outputs")
  func layerShapes() {
    #expect(network.layerShapes.map(\.inputs) == [13, 64, 32])
    #expect(network.layerShapes.map(\.outputs) == [64, 32, 2])
  }

  @Test("parameters are the weights and biases of all layers")
  func parameterCount() {
    #expect(network.parameterCount == 13 * 64 + 64 + 64 * 32 + 32 + 32 * 2 + 2)
    let linear = Network(inputs: 4, hidden: [], outputs: 1, loss: .binaryCrossEntropy)
    #expect(linear.parameterCount == 5)
  }

  @Test("every layer names its tensors, and a layer within another after that")
  func tensorNames() {
    let network = Network(
      inputs: 4,
      layers: [
        .normalisation, .dense(Dense(units: 3, activation: .tanh)),
        .residual([.normalisation, .dense(Dense(units: 3, activation: .tanh))]),
      ], outputs: 2, loss: .softmaxCrossEntropy)
    let tensors = network.parameterTensors
    #expect(
      tensors.map(\.name) == [
        "layer0.gain", "layer0.offset", "layer1.weight", "layer1.bias", "layer2.0.gain",
        "layer2.0.offset", "layer2.1.weight", "layer2.1.bias", "layer3.weight", "layer3.bias",
      ])
    #expect(tensors.map(\.count) == [4, 4, 12, 3, 3, 3, 9, 3, 6, 2])
    #expect(network.parameterCount == 49 && network.head == 41..<49)
    #expect(network.tensors.last == 47..<49 && network.headAlone.parameterCount == 8)
    var random = RandomStream(seed: 1)
    let parameters = network.initialParameters(.uniformFanIn, using: &random)
    #expect(parameters[..<8] == [1, 1, 1, 1, 0, 0, 0, 0])
    #expect(parameters[23..<29] == [1, 1, 1, 0, 0, 0] && !parameters[8..<23].contains(0))
  }

  @Test("a context is so many inputs more, and as many parameters at the end, which start at zero")
  func context() {
    let network = Network(
      inputs: 13, hidden: [Dense(units: 8, activation: .relu)], outputs: 1,
      loss: .meanSquaredError, context: 5)
    #expect(network.layerShapes.map(\.inputs) == [18, 8])
    #expect(network.parameterCount == 18 * 8 + 8 + 8 + 1 + 5)
    #expect(network.tensors == [0..<144, 144..<152, 152..<160, 160..<161])
    #expect(network.head == 152..<161)
    var random = RandomStream(seed: 1)
    let parameters = network.initialParameters(.uniformFanIn, using: &random)
    #expect(parameters.count == network.parameterCount)
    #expect(parameters[161...].allSatisfy { $0 == 0 } && !parameters[..<161].contains(0))
  }
}
