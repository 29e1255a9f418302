import Cohorts
import Models
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// What a contender says about the examples of a query set.
enum Predictions {
  /// Of two classes: the logarithm of the odds of class 1.
  case logOdds([Double])
  /// Of more than two classes.
  case scores(ClassScores)
  /// Of numbers.
  case numbers([Double])

  /// What the outputs of a network with this loss say.
  init(from outputs: Matrix, _ kind: OutcomeKind, _ loss: Loss) {
    let first = (0..<outputs.rows).map { Double(outputs[$0, 0]) }
    switch (kind, loss) {
    case (.regression, _): self = .numbers(first)
    case (.classification, .softmaxCrossEntropy) where outputs.columns > 2:
      self = .scores(ClassScores(outputs))
    case (.classification, .softmaxCrossEntropy):
      self = .logOdds((0..<outputs.rows).map { Double(outputs[$0, 1]) - first[$0] })
    case (.classification, .binaryCrossEntropy): self = .logOdds(first)
    case (.classification, .meanSquaredError):
      self = .probabilities(first.map { min(max($0, 1e-6), 1 - 1e-6) })
    }
  }

  /// The probabilities of class 1, as log odds.
  static func probabilities(_ probabilities: [Double]) -> Predictions {
    .logOdds(probabilities.map { log($0 / (1 - $0)) })
  }

  /// What is counted when the outcomes of a query set are seen.
  ///
  /// Where it has doses to choose from, these are predictions of its ``Examples/withAlternatives``.
  func tally(against query: Examples) -> Tally {
    guard let choice = query.choice else { return tally(against: query.outcomes) }
    let (own, alternatives) = split(at: query.count)
    return own.tally(against: query.outcomes).counting(choice.judged(by: alternatives))
  }

  /// The first predictions, and the numbers of the others.
  private func split(at count: Int) -> (Predictions, ArraySlice<Double>) {
    switch self {
    case .logOdds(let all): (.logOdds(Array(all.prefix(count))), all.dropFirst(count))
    case .scores: preconditionFailure("doses are compared by one number each")
    case .numbers(let all): (.numbers(Array(all.prefix(count))), all.dropFirst(count))
    }
  }

  /// What is counted when the outcomes are seen.
  func tally(against outcomes: [Float]) -> Tally {
    switch self {
    case .logOdds(let logOdds):
      Tally(Self.classified(logOdds, outcomes), Self.calibration(logOdds, outcomes))
    case .scores(let scores): scores.tally(against: outcomes)
    case .numbers(let numbers): Tally(Self.estimated(numbers, outcomes))
    }
  }

  private static func calibration(_ logOdds: [Double], _ outcomes: [Float]) -> Calibration {
    var calibration = Calibration()
    for (logOdds, outcome) in zip(logOdds, outcomes) {
      calibration.add(1 / (1 + exp(-logOdds)), cameTrue: outcome == 1)
    }
    return calibration
  }

  /// The sum of log losses in nats, or of squared errors.
  func loss(against outcomes: [Float]) -> Double {
    switch self {
    case .logOdds(let logOdds):
      zip(logOdds, outcomes).reduce(0) { $0 + Self.logLoss($1.1 == 1 ? $1.0 : -$1.0) }
    case .scores(let scores): scores.logLoss(against: outcomes)
    case .numbers(let numbers):
      zip(numbers, outcomes).reduce(0) { sum, pair in
        let error = pair.0 - Double(pair.1)
        return sum + error * error
      }
    }
  }

  private static func logLoss(_ inFavour: Double) -> Double {
    max(-inFavour, 0) + log1p(exp(-abs(inFavour)))
  }

  private static func classified(_ logOdds: [Double], _ outcomes: [Float]) -> MetricSums {
    var sums = MetricSums()
    for (logOdds, outcome) in zip(logOdds, outcomes) {
      // Towards the class that came true; the loss is then stable without clipping.
      let inFavour = outcome == 1 ? logOdds : -logOdds
      let missing = 1 / (1 + exp(inFavour))
      sums.judged += 1
      sums.logLoss += logLoss(inFavour)
      sums.squaredError += missing * missing
      sums.correct += inFavour > 0 ? 1 : inFavour == 0 ? 0.5 : 0
    }
    let concordance = Concordance(of: logOdds, with: outcomes)
    (sums.pairs, sums.concordant) = (concordance.pairs, concordance.concordant)
    return sums
  }

  private static func estimated(_ numbers: [Double], _ outcomes: [Float]) -> MetricSums {
    var sums = MetricSums()
    for (number, outcome) in zip(numbers, outcomes) {
      let error = number - Double(outcome)
      sums.judged += 1
      sums.squaredError += error * error
      sums.absoluteError += abs(error)
    }
    return sums
  }
}
