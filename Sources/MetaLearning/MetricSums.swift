/// Who is compared at a hospital.
public enum Contender: Codable, Hashable, Sendable {
  /// The majority or mean of the support set.
  case supportConstant
  /// The model trained on the support set alone.
  case supportAlone
  /// That nothing changes: the last reading where records have one, else the last outcome of the
  /// support set.
  case lastValue
  /// A linear model of the support set alone: ridge or logistic regression, with the regularisation
  /// that does best within the support set.
  case supportLinear
  /// The true risk, where a generative model knows it: the best that can be reached.
  case bestReachable
  /// The meta-parameters after so many inner steps on the support set; 0 is before adaptation.
  case adapted(steps: Int)
  /// The meta-parameters before adaptation, and an intercept of the hospital fitted on its support
  /// set.
  case intercept
  /// The model that the hospital keeps for itself from round to round, as it is.
  case personal
  /// A model trained on the patients of all training hospitals together, where a simulation has them in
  /// one place.
  case pooled
  /// The same as ``adapted(steps:)`` within the support set alone, by which a hospital may choose between
  /// methods: parts of it are predicted from the rest.
  case validated(steps: Int)
  /// The dose that is best on average, for everybody: it recommends and predicts nothing.
  case fixedDose
}

/// What was counted while predictions were judged.
///
/// Sums travel; quotients are taken at the end.
public struct MetricSums: Codable, Equatable, Sendable {
  /// Predictions judged.
  public var judged = 0.0
  /// The sum of log losses, in nats; of classification only.
  public var logLoss = 0.0
  /// The sum of squared errors; of probabilities (Brier) or of numbers.
  ///
  /// Of two classes it is that of class 1 alone, of more the sum over all classes.
  public var squaredError = 0.0
  /// The right classes: where the most probable one came true; of k that are as probable, each counts 1 / k.
  public var correct = 0.0
  /// Pairs of one patient of each class, within an episode; of two classes only.
  public var pairs = 0.0
  /// Those of them in which class 1 has the higher probability; ties count half.
  public var concordant = 0.0
  /// The sum of absolute errors of numbers; not counted of classes.
  public var absoluteError = 0.0
  /// The expected calibration error of a hospital's predictions, times their number; of classification.
  ///
  /// Of two classes it is that of the probability of class 1, of more that of the most probable class.
  public var calibrationError = 0.0
  /// What was counted of recommended doses, where there are doses to choose from; it travels apart.
  public var choices = ChoiceSums()

  /// The sums over no predictions.
  public init() {}
}

extension MetricSums {
  /// The sums of both.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.judged += right.judged
    sum.logLoss += right.logLoss
    sum.squaredError += right.squaredError
    sum.correct += right.correct
    sum.pairs += right.pairs
    sum.concordant += right.concordant
    sum.absoluteError += right.absoluteError
    sum.calibrationError += right.calibrationError
    sum.choices = sum.choices + right.choices
    return sum
  }

  /// The sums of errors that were made in units of `unit`, as they are in the outcome's own units.
  func counted(inUnitsOf unit: Double) -> Self {
    var own = self
    guard unit != 1 else { return own }
    own.squaredError *= unit * unit
    own.absoluteError *= unit
    own.choices.regret *= unit
    return own
  }

  /// The mean log loss in nats.
  public var meanLogLoss: Double? { judged > 0 ? logLoss / judged : nil }
  /// The share of right classes.
  public var accuracy: Double? { judged > 0 ? correct / judged : nil }
  /// The area under the receiver operating characteristic, over pairs within episodes.
  public var auroc: Double? { pairs > 0 ? concordant / pairs : nil }
  /// The mean squared error; of probabilities, the Brier score.
  public var meanSquaredError: Double? { judged > 0 ? squaredError / judged : nil }
  /// The root of the mean squared error.
  public var rootMeanSquaredError: Double? {
    meanSquaredError?.squareRoot()
  }

  /// The mean absolute error.
  public var meanAbsoluteError: Double? { judged > 0 ? absoluteError / judged : nil }
  /// The expected calibration error, in ten bins; of several hospitals, the mean of theirs.
  public var expectedCalibrationError: Double? { judged > 0 ? calibrationError / judged : nil }

  /// The mean regret of the recommended doses, in units of the outcome.
  public var meanRegret: Double? { choices.judged > 0 ? choices.regret / choices.judged : nil }
  /// The share of recommendations of a dose that is truly best.
  public var bestDoseShare: Double? { choices.judged > 0 ? choices.best / choices.judged : nil }

  /// How many numbers there are, but for ``choices``.
  public static let count = 8

  /// The sums but for ``choices`` as numbers, in the order of the properties: the form in which they
  /// travel.
  public var numbers: [Double] {
    [
      judged, logLoss, squaredError, correct, pairs, concordant, absoluteError, calibrationError,
    ]
  }

  /// Reads what ``numbers`` wrote.
  ///
  /// - Precondition: there are ``count``.
  public init(numbers: some Collection<Double>) {
    precondition(
      numbers.count == Self.count, "metric sums are \(Self.count) numbers, not \(numbers.count)")
    let n = Array(numbers)
    (judged, logLoss, squaredError, correct) = (n[0], n[1], n[2], n[3])
    (pairs, concordant, absoluteError, calibrationError) = (n[4], n[5], n[6], n[7])
  }
}
