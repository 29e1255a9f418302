public import Cohorts
public import Models
public import Tensors

/// Tells on which features a model relies, before and after adaptation to a support set.
///
/// * **Permutation importance**: by how much the loss on the query set grows when one feature is shuffled
///   among its examples, so that it is as frequent as it was and says nothing; the mean over ``shuffles``
///   draws. In nats, or in squared units of the outcome. A feature that others can stand in for
///   looks less important than it is.
/// * **Integrated gradients**: how much of the difference between the score of an example and that of a
///   baseline is due to each feature, by the gradient of the score along the straight line between them,
///   in ``points`` points at the middle of as many parts. The baseline has all features at 0: after
///   standardisation the average patient. The score is the log odds of class 1, or the number (with mean
///   squared error the probability, too). What is counted is the magnitude, so that features which raise
///   some scores and lower others count. On the line a category goes from the vector of what is not known to
///   that of the example's own code; what its codes contribute is added up.
///
/// Both models see the same shuffles: what adaptation changes is not in the draws.
///
/// References: Breiman, "Random forests", Machine Learning 2001; Fisher, Rudin and Dominici, "All models are
/// wrong, but many are useful", JMLR 2019, section 3 (here a model, a difference and draws, where they have
/// quotients and all pairs, too); Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks",
/// ICML 2017.
///
/// Cost for each model and episode: ``shuffles`` forward passes a feature, and ``points`` gradients. One instance serves one thread
/// at a time.
public final class Explainer {
  /// How often each feature is shuffled.
  public static let shuffles = 5
  /// At how many points of the way from the baseline gradients are taken.
  public static let points = 50

  private let network: Network
  private let kind: OutcomeKind
  private let adapter: any Adapter
  private let steps: Int

  /// Explains what `adapter` makes of a network in so many steps.
  ///
  /// - Precondition: classes are two, of which one number is the score.
  public init(network: Network, kind: OutcomeKind, adapter: any Adapter, steps: Int) {
    precondition(
      kind == .regression || network.classes == 2, "\(network.classes) classes have no one score")
    self.network = network
    self.kind = kind
    self.adapter = adapter
    self.steps = steps
  }

  /// On which features the model relies in predicting the query set of an episode.
  public func reliance(
    of episode: Episode, at parameters: [Float], using random: RandomStream
  ) -> RelianceSums {
    let support = PreparedExamples(episode.support, for: network)
    let query = episode.query
    let models = adapter.models(after: [0, steps], on: support, at: parameters) { model in
      (
        permutation: permutationLosses(of: model, on: query, using: random),
        attribution: attributions(of: model, to: query.inputs)
      )
    }
    var sums = RelianceSums(features: network.inputs)
    sums.explained = Double(query.count)
    guard let before = models.first, let after = models.last else { return sums }
    let unit = episode.outcomeUnit
    for column in sums.features.indices {
      sums.features[column] = RelianceSums.Feature(
        permutationBefore: before.permutation[column] * unit * unit,
        permutationAfter: after.permutation[column] * unit * unit,
        attributionBefore: Self.magnitude(of: column, in: before.attribution) * unit,
        attributionAfter: Self.magnitude(of: column, in: after.attribution) * unit)
    }
    return sums
  }

  private static func magnitude(of column: Int, in attributions: Matrix) -> Double {
    (0..<attributions.rows).reduce(0) { $0 + abs(Double(attributions[$1, column])) }
  }
}

// MARK: Permutation importance

extension Explainer {
  /// By how much the loss grows when each feature is shuffled, added up over the examples.
  private func permutationLosses(
    of model: any AdaptedModel, on query: Examples, using random: RandomStream
  ) -> [Double] {
    let usual = loss(of: model, on: query)
    return (0..<network.inputs).map { column in
      let losses = (0..<Self.shuffles).map { draw in
        var stream = random.child("feature", column).child("shuffle", draw)
        let order = stream.sample(query.count, of: query.count)
        var shuffled = query
        for (row, other) in order.enumerated() {
          shuffled.inputs[row, column] = query.inputs[other, column]
        }
        return loss(of: model, on: shuffled) - usual
      }
      return losses.reduce(0, +) / Double(Self.shuffles)
    }
  }

  private func loss(of model: any AdaptedModel, on examples: Examples) -> Double {
    let outputs = model.outputs(of: PreparedExamples(examples, for: network))
    return Predictions(from: outputs, kind, network.loss).loss(against: examples.outcomes)
  }
}

// MARK: Integrated gradients

extension Explainer {
  /// What each feature contributes to the score of each example, `[examples, features]`; what a category does is in
  /// the place of its code.
  ///
  /// By the midpoint rule: the contributions of an example add up to its score less that of the baseline,
  /// but for an error that falls with the square of the number of points where the model is smooth.
  public func attributions(of model: any AdaptedModel, to inputs: Matrix) -> Matrix {
    let row: [Float] = network.loss == .softmaxCrossEntropy ? [-1, 1] : [1]
    let weights = Matrix(
      rows: inputs.rows, columns: row.count,
      scalars: (0..<inputs.rows).flatMap { _ in row })
    let (ends, start) = (spelledOut(inputs), baseline)
    let ways = ends.scalars.enumerated().map { $1 - start[$0 % start.count] }
    var sums = Array(repeating: 0.0, count: ways.count)
    for point in 0..<Self.points {
      let share = (Float(point) + 0.5) / Float(Self.points)
      let between = Matrix(
        rows: ends.rows, columns: ends.columns,
        scalars: ways.enumerated().map { start[$0 % start.count] + share * $1 })
      let slopes = model.slopes(of: PreparedExamples(inputs: between, targets: weights))
      for place in sums.indices { sums[place] += Double(slopes.scalars[place]) }
    }
    let means = zip(sums, ways).map { Float($0 / Double(Self.points) * Double($1)) }
    return addedUp(Matrix(rows: ends.rows, columns: ends.columns, scalars: means))
  }

  private func spelledOut(_ inputs: Matrix) -> Matrix {
    network.categories?.spelledOut(inputs) ?? inputs
  }

  /// What contributions are counted from: all numbers 0, and nothing known of any category.
  private var baseline: [Float] {
    guard let categories = network.categories else {
      return Array(repeating: 0, count: network.inputs)
    }
    let unknown = categories.ranges.map { Float($0.lowerBound) }
    let numbers = Array(repeating: Float(0), count: network.inputs - unknown.count)
    return categories.spelledOut(
      Matrix(rows: 1, columns: network.inputs, scalars: numbers + unknown)
    ).scalars
  }

  /// With one column for each category, in place of one for every code.
  private func addedUp(_ parts: Matrix) -> Matrix {
    guard let categories = network.categories else { return parts }
    let numbers = parts.columns - categories.codes
    let scalars = (0..<parts.rows).flatMap { row in
      let (own, codes) = (parts.row(row).prefix(numbers), Array(parts.row(row).dropFirst(numbers)))
      return own + categories.ranges.map { range in codes[range].reduce(0, +) }
    }
    return Matrix(rows: parts.rows, columns: network.inputs, scalars: scalars)
  }
}
