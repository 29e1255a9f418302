import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// What is said of examples whose outcome is one of several classes: a score for each class, the
/// logarithm of its probability but for a number that all scores of the example have in common.
struct ClassScores {
  /// How many classes there are.
  let classes: Int
  /// `[examples, classes]`, row by row.
  private let scores: [Double]

  /// Takes the scores of all examples, row by row.
  init(classes: Int, scores: [Double]) {
    precondition(
      classes > 0 && scores.count.isMultiple(of: classes),
      "\(scores.count) scores are not whole rows of \(classes) classes")
    self.classes = classes
    self.scores = scores
  }

  /// The outputs of a network, one a class.
  init(_ logits: Matrix) {
    self.init(classes: logits.columns, scores: logits.scalars.map { Double($0) })
  }

  /// The shares of the classes among `outcomes` with one patient of each class added, so that none is 0; the
  /// same for so many examples.
  init(sharesOf outcomes: [Float], classes: Int, repeated count: Int) {
    var counts = Array(repeating: 1.0, count: classes)
    for outcome in outcomes { counts[Int(outcome)] += 1 }
    let all = Double(outcomes.count + classes)
    let row = counts.map { log($0 / all) }
    self.init(classes: classes, scores: (0..<count).flatMap { _ in row })
  }

  /// The number of examples.
  var count: Int { scores.count / classes }

  /// The scores of one example.
  subscript(row: Int) -> ArraySlice<Double> { scores[row * classes..<(row + 1) * classes] }

  /// The scores with a number added for each class.
  func adding(_ shifts: [Double]) -> ClassScores {
    ClassScores(
      classes: classes, scores: scores.enumerated().map { $1 + shifts[$0 % classes] })
  }
}

// MARK: Judging

extension ClassScores {
  /// What is counted when the outcomes are seen.
  ///
  /// The calibration error is that of the class with the highest score, and there is no pair of
  /// classes to count concordance of.
  func tally(against outcomes: [Float]) -> Tally {
    var sums = MetricSums()
    var calibration = Calibration()
    for (row, outcome) in outcomes.enumerated() {
      let example = ScoredExample(self[row])
      sums.judged += 1
      sums.logLoss += example.logLoss(of: Int(outcome))
      sums.squaredError += example.squaredError(of: Int(outcome))
      sums.correct += example.shareRight(of: Int(outcome))
      calibration.add(example.confidence, shareRight: example.shareRight(of: Int(outcome)))
    }
    return Tally(sums, calibration)
  }

  /// The sum of log losses in nats.
  func logLoss(against outcomes: [Float]) -> Double {
    outcomes.enumerated().reduce(0) {
      $0 + ScoredExample(self[$1.offset]).logLoss(of: Int($1.element))
    }
  }

  /// The probabilities of the classes of one example.
  func probabilities(of row: Int) -> [Double] { ScoredExample(self[row]).probabilities }
}

/// The scores of one example; nothing is clipped, and nothing overflows.
private struct ScoredExample {
  /// How far each score is below the highest.
  private let gaps: [Double]
  /// The log loss of the class with the highest score: what all others have in probability.
  private let rest: Double

  init(_ scores: ArraySlice<Double>) {
    let highest = scores.max() ?? 0
    gaps = scores.map { highest - $0 }
    let top = gaps.firstIndex(of: 0) ?? 0
    rest = log1p(
      gaps.enumerated().reduce(0) { $1.offset == top ? $0 : $0 + exp(-$1.element) })
  }

  /// The probability of the class with the highest score.
  var confidence: Double { exp(-rest) }

  var probabilities: [Double] { gaps.map { exp(-$0 - rest) } }

  func logLoss(of outcome: Int) -> Double { gaps[outcome] + rest }

  func squaredError(of outcome: Int) -> Double {
    probabilities.enumerated().reduce(0) { sum, pair in
      let error = pair.element - (pair.offset == outcome ? 1 : 0)
      return sum + error * error
    }
  }

  /// 1 where the class with the highest score is right; where several have it, the share of that which is.
  func shareRight(of outcome: Int) -> Double {
    gaps[outcome] == 0 ? 1 / Double(gaps.count { $0 == 0 }) : 0
  }
}
