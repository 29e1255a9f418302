import Models
import Testing

/// Rules whose figures depend on conventions, and rates that are learnt.
@Suite struct AdaptiveOptimiserTests {
  /// The parameters after the gradients, from zero, and the optimiser.
  static func end(_ rule: Optimiser.Rule, _ gradients: [[Float]]) -> ([Float], Optimiser) {
    var optimiser = Optimiser(rule, parameterCount: gradients[0].count)
    var parameters = [Float](repeating: 0, count: gradients[0].count)
    for gradient in gradients { optimiser.step(&parameters, along: gradient) }
    return (parameters, optimiser)
  }

  @Test(
    "with the constants of FLamby the first step of FedAdam is (1 - b1) / sqrt(1 - b2) rates long")
  func firstStepOfFLamby() {
    let (end, _) = Self.end(.adaptive(.flamby(.adam, rate: 0.01)), [[3, -0.02]])
    let expected = 0.01 * 0.1 / Float(0.001).squareRoot()
    #expect(abs(end[0] + expected) < 1e-6 && abs(end[1] - expected) < 1e-6)
  }

  @Test("corrected and from zero, FedAdam is Adam with tau for epsilon")
  func corrected() {
    let gradients = OptimiserTests.gradients
    let rule = Optimiser.Adaptive(
      .adam, rate: 0.1, beta2: 0.999, tau: 1e-3, start: .zero, correctsBias: true)
    #expect(
      Self.end(.adaptive(rule), gradients).0
        == Self.end(.adam(rate: 0.1, epsilon: 1e-3), gradients).0)
  }

  @Test("FedYogi and FedAdagrad coincide where their constants make them, from zero")
  func coincidence() {
    // A second moment that only grows: 0.01 / sqrt(0.001) is 0.31623.
    let gradients = [[1, -2], [3, 4], [5, -6]] as [[Float]]
    let yogi = Self.end(.adaptive(.flamby(.yogi, rate: 0.01)), gradients).0
    let adagrad = Self.end(
      .adaptive(.flamby(.adagrad, rate: 0.01 / 0.001.squareRoot())), gradients
    ).0
    for (one, other) in zip(yogi, adagrad) { #expect(abs(one - other) < 1e-5) }
  }

  @Test("the second moment starts where it is told to")
  func starts() {
    for (start, square) in [(.zero, 0), (.tauSquared, 0.25), (.value(3), 3)]
      as [(Optimiser.Adaptive.Start, Float)]
    {
      let rule = Optimiser.Adaptive(.adagrad, rate: 1, tau: 0.5, start: start)
      #expect(Self.end(.adaptive(rule), [[2]]).1.secondMoment == [square + 4])
    }
  }

  @Test("the outer rate grows where gradients agree, and shrinks where they turn")
  func hypergradient() {
    let rule = Optimiser.Hypergradient(.sgd, rate: 0.5, step: 0.125)
    var optimiser = Optimiser(.hypergradient(rule), parameterCount: 2)
    var parameters: [Float] = [0, 0]
    var rates: [Double] = []
    for gradient in [[1, 2], [2, 1], [-1, 0]] as [[Float]] {
      optimiser.step(&parameters, along: gradient)
      rates.append(optimiser.rate)
    }
    // The products of successive gradients are 4 and -2.
    #expect(rates == [0.5, 1, 0.75])
    #expect(parameters == [-1.75, -2])
  }

  @Test("the multiplicative rate looks at directions, not at lengths", arguments: [0.01, 1, 100])
  func multiplicative(length: Float) {
    let rule = Optimiser.Hypergradient(.sgd, rate: 0.5, step: 0.25, isMultiplicative: true)
    let (_, optimiser) = Self.end(.hypergradient(rule), [[3, 4], [0, length]])
    #expect(abs(optimiser.rate - 0.5 * (1 + 0.25 * 0.8)) < 1e-9)
  }

  @Test("the rate of Adam moves by the gradient along the last step over the last rate")
  func adamRate() {
    let step = 1e-8
    let rule = Optimiser.Hypergradient(.adam(), rate: 0.1, step: step)
    var optimiser = Optimiser(.hypergradient(rule), parameterCount: 3)
    var parameters: [Float] = [0, 0, 0]
    var (last, rate) = ([Double](repeating: 0, count: 3), 0.1)
    for gradient in [[1, -2, 0.5], [0.5, 3, -1], [-3, 4, 2]] as [[Float]] {
      rate += step * zip(gradient, last).reduce(0) { $0 + Double($1.0) * $1.1 }
      let before = parameters
      optimiser.step(&parameters, along: gradient)
      // What is added is less than a unit of a `Float` in the last place.
      #expect(abs(optimiser.rate - rate) < 1e-13)
      last = zip(before, parameters).map { (Double($0) - Double($1)) / rate }
    }
    #expect(optimiser.rate != 0.1 && abs(optimiser.rate - 0.1) < 1e-7)
  }
}
