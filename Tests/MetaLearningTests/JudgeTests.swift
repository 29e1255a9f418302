import Cohorts
import MetaLearning
import Models
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct JudgeTests {
  static let linear = Network(inputs: 1, hidden: [], outputs: 2, loss: .softmaxCrossEntropy)

  static func examples(
    _ inputs: [Float], _ outcomes: [Float], risks: [Double]? = nil
  ) -> Examples {
    Examples(
      inputs: Matrix(rows: inputs.count, columns: 1, scalars: inputs), outcomes: outcomes,
      trueRisks: risks)
  }

  static func judge(
    _ contenders: [Contender], of network: Network = linear,
    kind: OutcomeKind = .classification, alone: InnerLoop = InnerLoop(steps: 3, rate: 0.5)
  ) -> Judge {
    Judge(
      network: network, kind: kind, adapter: GradientAdapter(network: network, rate: 0.25),
      alone: alone, contenders: contenders)
  }

  @Test(
    "the constant of a support set is its share of class 1, with one patient of each class added")
  func constant() {
    let episode = Episode(
      support: Self.examples([0, 0, 0], [1, 1, 1]), query: Self.examples([0, 0, 0], [1, 0, 1]))
    let sums = Self.judge([.supportConstant])
      .results(of: episode, at: [0, 0, 0, 0], fresh: [0, 0, 0, 0])[0].sums
    #expect(abs(sums.logLoss - (2 * log(5 / 4.0) + log(5.0))) < 1e-12)
    #expect(abs(sums.squaredError - (2 * 0.04 + 0.64)) < 1e-12)
    #expect(sums.correct == 2 && sums.judged == 3)
    #expect(sums.pairs == 2 && sums.concordant == 1)
  }

  @Test("a hospital's own model is judged as it is, and where there is none, nothing")
  func personal() {
    let episode = Episode(
      support: Self.examples([1, 2], [1, 0]), query: Self.examples([1, -1, 3], [1, 0, 0]))
    let judge = Self.judge([.personal, .adapted(steps: 0)])
    let (common, own): ([Float], [Float]) = ([0, 1, 0, 0], [0, -2, 0.5, 0])
    let kept = judge.results(of: episode, at: common, fresh: common, personal: own)
    let expected = judge.results(of: episode, at: own, fresh: common)
    #expect(kept[0] == expected[1])
    #expect(kept[1] != expected[1])
    #expect(judge.results(of: episode, at: common, fresh: common)[0] == Tally())
  }

  @Test("logits of softmax are judged as they are, without clipping")
  func logits() {
    let episode = Episode(
      support: Self.examples([1], [1]), query: Self.examples([1, -1, 200, 0], [1, 0, 0, 1]))
    let parameters: [Float] = [0, 1, 0, 0]  // Log odds of class 1 equal to the feature.
    let sums = Self.judge([.adapted(steps: 0)])
      .results(of: episode, at: parameters, fresh: parameters)[0].sums
    let miss = log1p(exp(-1.0))
    #expect(abs(sums.logLoss - (2 * miss + 200 + log(2.0))) < 1e-12)
    #expect(sums.correct == 2.5)
    #expect(sums.pairs == 4 && sums.concordant == 2)
  }

  @Test("outputs of mean squared error are probabilities kept within 1e-6 of 0 and 1")
  func clamped() {
    let network = Network(inputs: 1, hidden: [], outputs: 1, loss: .meanSquaredError)
    let episode = Episode(
      support: Self.examples([1], [1]), query: Self.examples([3, -3, 0.75, 3], [1, 0, 1, 0]))
    let sums = Self.judge([.adapted(steps: 0)], of: network)
      .results(of: episode, at: [1, 0], fresh: [1, 0])[0].sums
    let expected = -2 * log(1 - 1e-6) - log(0.75) - log(1e-6)
    #expect(abs(sums.logLoss - expected) < 1e-6)
    #expect(sums.correct == 3)
  }

  @Test("the best reachable is the true risk, and judges nothing where it is not known")
  func bestReachable() {
    let known = Episode(
      support: Self.examples([0], [1]), query: Self.examples([0, 0], [1, 0], risks: [0.9, 0.2]))
    var unknown = known
    unknown.query.trueRisks = nil
    let judge = Self.judge([.bestReachable])
    let sums = judge.results(of: known, at: [0, 0, 0, 0], fresh: [0, 0, 0, 0])[0].sums
    #expect(abs(sums.logLoss + log(0.9) + log(0.8)) < 1e-12)
    #expect(judge.results(of: unknown, at: [0, 0, 0, 0], fresh: [0, 0, 0, 0]) == [Tally()])
  }

  @Test("concordance counts every pair of one patient of each class, ties half")
  func concordance() {
    var random = RandomStream(seed: 2)
    for _ in 0..<50 {
      let count = random.integer(below: 30) + 1
      let risks = (0..<count).map { _ in Double(random.integer(below: 5) + 1) / 8 }
      let outcomes = (0..<count).map { _ in Float(random.integer(below: 2)) }
      var (pairs, concordant) = (0.0, 0.0)
      for one in 0..<count where outcomes[one] == 1 {
        for zero in 0..<count where outcomes[zero] == 0 {
          pairs += 1
          concordant += risks[one] > risks[zero] ? 1 : risks[one] == risks[zero] ? 0.5 : 0
        }
      }
      let inputs = [Float](repeating: 0, count: count)
      let episode = Episode(
        support: Self.examples([0], [1]), query: Self.examples(inputs, outcomes, risks: risks))
      let sums = Self.judge([.bestReachable])
        .results(of: episode, at: [0, 0, 0, 0], fresh: [0, 0, 0, 0])[0].sums
      #expect(sums.pairs == pairs && sums.concordant == concordant)
    }
  }
}

@Suite struct JudgeContenderTests {
  static let network = RandomEpisodes.network(.tanh, .binaryCrossEntropy)

  @Test("each number of steps is judged as if it were the only one")
  func stepsOnTheWay() {
    var random = RandomEpisodes(Self.network, seed: 1)
    let episode = Episode(support: random.examples(9), query: random.examples(12))
    let (theta, fresh) = (random.parameters(), random.parameters())
    let contenders: [Contender] = [5, 0, 10, 1, 5].map { .adapted(steps: $0) }
    let together = JudgeTests.judge(contenders, of: Self.network)
      .results(of: episode, at: theta, fresh: fresh)
    let apart = contenders.map { contender in
      JudgeTests.judge([contender], of: Self.network)
        .results(of: episode, at: theta, fresh: fresh)[0]
    }
    #expect(together == apart)
    #expect(Set(together.map(\.sums.logLoss)).count == 4)
  }

  @Test("training alone starts at the fresh parameters with a loop of its own")
  func alone() {
    var random = RandomEpisodes(Self.network, seed: 2)
    let episode = Episode(support: random.examples(9), query: random.examples(12))
    let (theta, fresh) = (random.parameters(), random.parameters())
    let judge = JudgeTests.judge(
      [.supportAlone, .adapted(steps: 4)], of: Self.network, alone: InnerLoop(steps: 4, rate: 0.25))
    let sums = judge.results(of: episode, at: theta, fresh: fresh)
    #expect(sums[0] == judge.results(of: episode, at: fresh, fresh: theta)[1])
    #expect(sums[0] != sums[1])
  }

  @Test(
    "numbers are judged by their squared and absolute errors alone, the constant being the support's mean"
  )
  func regression() {
    let network = Network(inputs: 1, hidden: [], outputs: 1, loss: .meanSquaredError)
    let episode = Episode(
      support: JudgeTests.examples([0, 0], [1, 3]),
      query: JudgeTests.examples([2, 4], [5, 1], risks: [4, 1]))
    let sums = JudgeTests.judge(
      [.supportConstant, .bestReachable, .adapted(steps: 0)], of: network, kind: .regression
    ).results(of: episode, at: [2, 1], fresh: [0, 0]).map(\.sums)
    #expect(sums.map(\.squaredError) == [10, 1, 64])
    for sums in sums {
      #expect(sums.numbers == [2, 0, sums.squaredError, 0, 0, 0, sums.absoluteError, 0])
    }
    #expect(sums.map(\.absoluteError) == [4, 1, 8])
    #expect(sums[0].rootMeanSquaredError == 5.0.squareRoot())
  }

  @Test(
    "nothing changes after the last reading, or else after the support set; errors are in own units"
  )
  func lastValue() {
    let network = Network(inputs: 1, hidden: [], outputs: 1, loss: .meanSquaredError)
    var episode = Episode(
      support: JudgeTests.examples([0, 0], [1, 3]), query: JudgeTests.examples([2, 4], [5, 1]))
    let judge = JudgeTests.judge(
      [.lastValue, .adapted(steps: 0)], of: network, kind: .regression)
    func squares() -> [Double] {
      judge.results(of: episode, at: [2, 1], fresh: [0, 0]).map(\.sums.squaredError)
    }
    #expect(squares() == [8, 64])
    episode.query.persistence = [4, 0]
    #expect(squares() == [2, 64])
    episode.outcomeUnit = 10
    #expect(squares() == [200, 6400])
  }
}
