import Models
import Testing

@Suite struct OptimiserTests {
  static let gradients: [[Float]] = [[1, -2, 0], [0.5, 0, 0], [-3, 4, 0]]

  static let rules: [Optimiser.Rule] = [
    .sgd(rate: 0.1), .momentum(rate: 0.1, factor: 0.9), .nesterov(rate: 0.1, factor: 0.9),
    .adam(rate: 0.1), .adamW(rate: 0.1, decay: 0.1), .adaptive(.init(.yogi, rate: 0.1)),
    .adaptive(.flamby(.adagrad, rate: 0.1)),
    .hypergradient(.init(.sgd, rate: 0.1, step: 1e-3)),
    .hypergradient(.init(.adam(), rate: 0.1, step: 1e-3)),
    .hypergradient(.init(.adam(), rate: 0.1, step: 1e-3, isMultiplicative: true)),
  ]

  /// The parameters after each gradient, from zero.
  static func path(_ rule: Optimiser.Rule) -> [[Float]] {
    var optimiser = Optimiser(rule, parameterCount: 3)
    var parameters: [Float] = [0, 0, 0]
    return gradients.map { gradient in
      optimiser.step(&parameters, along: gradient)
      return parameters
    }
  }

  @Test("gradient descent subtracts the rate times the gradient")
  func descent() {
    #expect(Self.path(.sgd(rate: 0.5)) == [[-0.5, 1, 0], [-0.75, 1, 0], [0.75, -1, 0]])
  }

  @Test("momentum sums decayed gradients")
  func momentum() {
    let path = Self.path(.momentum(rate: 1, factor: 0.5))
    #expect(path == [[-1, 2, 0], [-2, 3, 0], [0.5, -0.5, 0]])
  }

  @Test("the first step of Adam has the size of the rate, whatever the gradient's")
  func firstAdamStep() {
    let first = Self.path(.adam(rate: 0.25))[0]
    #expect(abs(first[0] + 0.25) < 1e-6 && abs(first[1] - 0.25) < 1e-6)
    #expect(first[2] == 0)
  }

  @Test(
    "a copy goes on where the original was",
    arguments: rules)
  func resumption(rule: Optimiser.Rule) {
    var original = Optimiser(rule, parameterCount: 3)
    var parameters: [Float] = [1, 2, 3]
    for gradient in Self.gradients { original.step(&parameters, along: gradient) }
    var copy = Optimiser(
      rule, steps: original.steps, firstMoment: original.firstMoment,
      secondMoment: original.secondMoment)
    #expect(copy.rate == original.rate)
    var resumed = parameters
    copy.step(&resumed, along: [1, 1, 1])
    original.step(&parameters, along: [1, 1, 1])
    #expect(resumed.map(\.bitPattern) == parameters.map(\.bitPattern))
    #expect(copy == original && copy.steps == 4)
  }
}
