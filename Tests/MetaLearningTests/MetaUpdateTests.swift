import MetaLearning
import Models
import Testing

@Suite struct MetaUpdateTests {
  @Test("by the gradient rule the optimiser moves everything")
  func gradient() {
    var update = MetaUpdate(
      Optimiser(.momentum(rate: 0.5, factor: 0.5), parameterCount: 3), rule: .gradient)
    var alone = update.optimiser
    var (moved, expected) = ([Float](arrayLiteral: 1, 2, 3), [Float](arrayLiteral: 1, 2, 3))
    for mean in [[1, 0, -1], [2, 2, 2]] as [[Float]] {
      update.step(&moved, along: mean, contributors: 5)
      alone.step(&expected, along: mean)
    }
    #expect(moved == expected && update.optimiser == alone)
  }

  @Test("control variates move by the share of the hospitals that took part")
  func scaffold() {
    var update = MetaUpdate(
      Optimiser(.sgd(rate: 0.5), parameterCount: 2), rule: .scaffold(hospitals: 8))
    var parameters: [Float] = [1, 2, 10, 20]
    update.step(&parameters, along: [2, 4, 8, -8], contributors: 2)
    #expect(parameters == [0, 0, 12, 18])
  }

  @Test("what belongs to the head stays")
  func body() {
    var update = MetaUpdate(Optimiser(.sgd(rate: 1), parameterCount: 2), rule: .body(2))
    var parameters: [Float] = [1, 2, 3]
    update.step(&parameters, along: [1, 1], contributors: 3)
    #expect(parameters == [0, 1, 3])
  }
}
