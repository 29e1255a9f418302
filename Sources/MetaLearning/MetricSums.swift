/// Who is compared at a hospital.
public enum Contender: Codable, Hashable, Sendable {
  /// The majority or mean of the support set.
  case supportConstant
  /// The model trained on the support set alone.
  case supportAlone
  /// That nothing changes: the last reading where records have one, else the last outcome of the
  /// support set.
  case lastValue
  /// The true risk, where a generative model knows it: the best that can be reached.
  case bestReachable
  /// The meta-parameters after so many inner steps on the support set; 0 is before adaptation.
  case adapted(steps: Int)
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
  public var squaredError = 0.0
  /// The right classes, at probability one half; a probability of exactly one half counts half.
  public var correct = 0.0
  /// Pairs of one patient of each class, within an episode.
  public var pairs = 0.0
  /// Those of them in which class 1 has the higher probability; ties count half.
  public var concordant = 0.0

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
    return sum
  }

  /// The sums of errors that were made in units of `unit`, as they are in the outcome's own units.
  public func counted(inUnitsOf unit: Double) -> Self {
    var own = self
    if unit != 1 { own.squaredError *= unit * unit }
    return own
  }

  /// The mean log loss in nats.
  public var meanLogLoss: Double? { judged > 0 ? logLoss / judged : nil }
  /// The share of right classes.
  public var accuracy: Double? { judged > 0 ? correct / judged : nil }
  /// The area under the receiver operating characteristic, over pairs within episodes.
  public var auroc: Double? { pairs > 0 ? concordant / pairs : nil }
  /// The root of the mean squared error.
  public var rootMeanSquaredError: Double? {
    judged > 0 ? (squaredError / judged).squareRoot() : nil
  }

  /// The sums as six numbers, in the order of the properties: the form in which they travel.
  public var numbers: [Double] { [judged, logLoss, squaredError, correct, pairs, concordant] }

  /// Reads what ``numbers`` wrote.
  ///
  /// - Precondition: there are six.
  public init(numbers: some Collection<Double>) {
    precondition(numbers.count == 6, "metric sums are 6 numbers, not \(numbers.count)")
    let n = Array(numbers)
    (judged, logLoss, squaredError, correct, pairs, concordant) = (
      n[0], n[1], n[2], n[3], n[4], n[5]
    )
  }
}
