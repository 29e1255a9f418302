import Aggregation
import Cohorts
import MetaLearning
import Scenarios
import Transports

// What is made of answers as they arrive. Sums are exact, so that no order of arrival shows.

/// Counts, sums and sums of squares of the features over hospitals.
struct FeatureGathering {
  let features: Int
  var totals: [ExactScalarSum]
  /// Whether a hospital or region has answered.
  private(set) var isBegun = false

  init(features: Int) {
    self.features = features
    totals = Array(repeating: ExactScalarSum(), count: 3 * features)
  }

  mutating func fold(_ tensors: [Tensor]) throws(UnfitAnswer) {
    let counts = try tensors.finiteDoubles(Meaning.featureCount, shape: [features])
    let sums = try tensors.finiteDoubles(Meaning.featureSum, shape: [features])
    let squares = try tensors.finiteDoubles(Meaning.featureSquareSum, shape: [features])
    try check(counts: counts, sums: sums, squares: squares, hospitals: 1)
    let numbers = counts + sums + squares
    for (index, number) in numbers.enumerated() { try totals[index].fold(number) }
    isBegun = true
  }

  /// Takes in the exact sums of some hospitals, which fit.
  mutating func add(_ sums: [ExactScalarSum]) {
    for (index, sum) in sums.enumerated() { totals[index].add(sum) }
    isBegun = true
  }

  /// Refuses sums that no patients of so many hospitals can have; a feature may be known of nobody, and so may
  /// all of them.
  func check(
    counts: [Double], sums: [Double], squares: [Double], hospitals: Int
  ) throws(UnfitAnswer) {
    let known = counts.compactMap { Int(exactly: $0) }
    guard let count = known.max(), known.count == counts.count,
      (0...1_000_000_000 * max(hospitals, 1)).contains(count),
      FeatureSums(count: max(count, 1), known: known, sums: sums, squares: squares).isPlausible
    else {
      throw UnfitAnswer("its counts, sums and sums of squares are of no patients that there can be")
    }
  }

  /// Mean and spread over all that was folded in, 0 and 1 of a feature that nobody knows; `nil` before anything
  /// was folded in.
  var standardiser: Standardiser? {
    let numbers = totals.map(\.rounded)
    let known = numbers.prefix(features).map { Int($0) }
    guard isBegun, let count = known.max() else { return nil }
    return Standardiser(
      FeatureSums(
        count: max(count, 1), known: known, sums: Array(numbers[features..<2 * features]),
        squares: Array(numbers[(2 * features)...])))
  }
}

/// The sum of meta-gradients over the hospitals of a round, each times its weight.
///
/// A weight is applied number by number in double precision and rounded once to `Float`; the weights
/// are summed exactly like the meta-gradients: so neither shows the order of arrival.
struct UpdateGathering {
  /// What a hospital counts for in the mean.
  enum Share {
    /// The episodes that it has drawn: the same for all.
    case episodes(Int)
    /// The patients that it trains with.
    case patients
  }

  /// The numbers in a sum.
  let parameters: Int
  let share: Share
  var gradient: ExactSum
  var lossBefore = ExactScalarSum()
  var lossAfter = ExactScalarSum()
  /// What adaptation and the solver left, where the algorithm solves for meta-gradients; else empty.
  var residuals: [ExactScalarSum]
  var weights = ExactScalarSum()
  var episodes = 0

  init(_ experiment: Experiment) {
    let plan = experiment.scenario
    parameters = experiment.layout.contribution
    share =
      plan.algorithm.weighting == .patients
      ? .patients : .episodes(plan.federation.episodesPerRound)
    gradient = ExactSum(count: parameters)
    residuals = Array(
      repeating: ExactScalarSum(), count: plan.algorithm.name.leavesResiduals ? 2 : 0)
  }

  mutating func reset() {
    gradient.reset()
    lossBefore.reset()
    lossAfter.reset()
    for index in residuals.indices { residuals[index].reset() }
    weights.reset()
    episodes = 0
  }

  /// Folds one hospital's sums in with a weight from 0 to 1, or refuses them whole.
  ///
  /// Losses are reported and do not act: they count the same whatever the weight.
  mutating func fold(
    _ tensors: [Tensor], episodes count: Int, weight: Double = 1
  ) throws(UnfitAnswer) {
    try check(count, of: 1)
    let losses = try tensors.finiteDoubles(Meaning.losses, shape: [2])
    let left =
      residuals.isEmpty
      ? [] : try tensors.finiteDoubles(Meaning.residuals, shape: [residuals.count])
    let sum = try tensors.tensor(Meaning.metaGradientSum, .float32, shape: [parameters])
    do {
      try gradient.add(sum.frame.floats().weighted(by: weight))
    } catch {
      throw UnfitAnswer(
        "its meta-gradient is not finite; lower the inner rate or the inner steps",
        isDivergence: true)
    }
    try lossBefore.fold(losses[0])
    try lossAfter.fold(losses[1])
    for (index, number) in left.enumerated() { try residuals[index].fold(number) }
    try weights.fold(weight * weightOfOne(count))
    episodes += count
  }

  /// Refuses a sum that is not over what so many hospitals count for.
  func check(_ count: Int, of hospitals: Int) throws(UnfitAnswer) {
    switch share {
    case .episodes(let each):
      guard count != hospitals * each else { return }
      throw UnfitAnswer(
        "it is a sum over \(count) episodes; accepted is \(hospitals * each)")
    case .patients:
      guard !(hospitals...hospitals * PatientCensus.mostPatients).contains(count) else { return }
      throw UnfitAnswer("it counts for \(count) patients, which there cannot be")
    }
  }

  /// What one hospital's contribution counts for beside others of its weight.
  func weightOfOne(_ count: Int) -> Double {
    if case .patients = share { Double(count) } else { 1 }
  }

  /// The weighted mean meta-gradient over the episodes or patients: the one division, at the end.
  var mean: [Float] {
    switch share {
    case .episodes(let each): gradient.mean(over: weights.rounded * Double(each))
    case .patients: gradient.mean(over: weights.rounded)
    }
  }

  /// The mean query losses before and after adaptation.
  var meanLosses: (before: Double, after: Double) {
    (lossBefore.rounded / Double(episodes), lossAfter.rounded / Double(episodes))
  }

  /// The mean over the episodes of what was left; `nil` where nothing is solved for.
  var meanResiduals: Residuals? {
    guard residuals.count == 2 else { return nil }
    return Residuals(
      inner: residuals[0].rounded / Double(episodes),
      solver: residuals[1].rounded / Double(episodes))
  }
}

/// The metrics of every hospital of an evaluation.
struct MetricGathering {
  let form: JudgementForm
  private(set) var results: [String: (patients: Int?, judgement: Judgement)] = [:]

  init(_ form: JudgementForm) {
    self.form = form
  }

  mutating func fold(_ tensors: [Tensor], of hospital: String) throws(UnfitAnswer) {
    let judgement = try form.judgement(in: tensors)
    var patients: Int?
    if tensors.contains(where: { $0.meaning == Meaning.patients }) {
      patients = try tensors.count(Meaning.patients)
    }
    fold(judgement, patients: patients, of: hospital)
  }

  /// Keeps what was counted at a hospital.
  mutating func fold(_ judgement: Judgement, patients: Int?, of hospital: String) {
    results[hospital] = (patients, judgement)
  }
}

extension [Float] {
  /// The numbers times a weight, each rounded once; as they are for a weight of 1.
  fileprivate func weighted(by weight: Double) -> [Float] {
    weight == 1 ? self : map { Float(Double($0) * weight) }
  }
}

extension ExactScalarSum {
  mutating func fold(_ number: Double) throws(UnfitAnswer) {
    do { try add(number) } catch {
      throw UnfitAnswer("it holds a number that is not finite", isDivergence: true)
    }
  }
}
