/// How far predicted probabilities lie from what came true, in ten bins of equal width.
///
/// Reference: Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017.
struct Calibration {
  private static let bins = 10

  /// In each bin, the sum of predicted probabilities minus the number of those that came true.
  private var gaps = [Double](repeating: 0, count: bins)

  /// Counts a prediction of class 1.
  mutating func add(_ probability: Double, cameTrue: Bool) {
    add(probability, shareRight: cameTrue ? 1 : 0)
  }

  /// Counts a prediction that was right in a share of what it said.
  ///
  /// One that is no number, as of a model that has diverged, makes the error no number.
  mutating func add(_ probability: Double, shareRight: Double) {
    guard probability.isFinite else {
      gaps[0] = .nan
      return
    }
    let bin = min(Int(probability * Double(Self.bins)), Self.bins - 1)
    gaps[bin] += probability - shareRight
  }

  /// The expected calibration error times the number of predictions.
  var error: Double { gaps.reduce(0) { $0 + abs($1) } }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    for bin in sum.gaps.indices { sum.gaps[bin] += right.gaps[bin] }
    return sum
  }
}

/// What is counted of one contender at one hospital, over all of its episodes.
public struct Tally: Equatable, Sendable {
  private var counted = MetricSums()
  private var calibration = Calibration()

  /// Nothing counted yet.
  public init() {}

  init(_ sums: MetricSums, _ calibration: Calibration = Calibration()) {
    counted = sums
    self.calibration = calibration
  }

  /// The sums as they travel; the calibration error is that of all predictions together.
  public var sums: MetricSums {
    var sums = counted
    sums.calibrationError = calibration.error
    return sums
  }

  /// This and what was counted of recommendations.
  func counting(_ choices: ChoiceSums) -> Self {
    var sums = counted
    sums.choices = sums.choices + choices
    return Tally(sums, calibration)
  }

  /// What was counted of errors in units of `unit`, in the outcome's own units.
  func counted(inUnitsOf unit: Double) -> Self {
    Tally(counted.counted(inUnitsOf: unit), calibration)
  }

  /// What both have counted.
  public static func + (left: Self, right: Self) -> Self {
    Tally(left.counted + right.counted, left.calibration + right.calibration)
  }
}

extension Calibration: Equatable, Sendable {}
