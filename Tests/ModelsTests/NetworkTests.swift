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
