import Models
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
}
