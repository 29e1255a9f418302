public import Tensors

/// Some patients or points: what goes in, and what came out.
public struct Examples: Equatable, Sendable {
  /// The features, `[examples, features]`.
  public var inputs: Matrix
  /// The outcome of each: a class index, or a number.
  public var outcomes: [Float]
  /// The true probability of class 1 or the true mean of each, where it is known.
  public var trueRisks: [Double]?
  /// The outcome of each if nothing changes after the last reading, where there is one.
  public var persistence: [Float]?
  /// Where doses are given: what could have been given instead, and what it would truly have done.
  public var choice: DoseChoice?
  /// Where examples are records of several patients: whose each is, equal numbers being one patient.
  public var owners: [Int]?

  /// Takes examples as they are.
  ///
  /// - Precondition: there is one row an outcome.
  public init(
    inputs: Matrix, outcomes: [Float], trueRisks: [Double]? = nil, persistence: [Float]? = nil
  ) {
    precondition(
      inputs.rows == outcomes.count, "\(inputs.rows) inputs do not fit \(outcomes.count) outcomes")
    self.inputs = inputs
    self.outcomes = outcomes
    self.trueRisks = trueRisks
    self.persistence = persistence
  }

  /// The number of examples.
  public var count: Int { outcomes.count }

  /// The number of patients they are of: as many as examples, unless some are records of one.
  public var patients: Int { owners.map { Set($0).count } ?? count }

  /// The part of each example where they are divided into `count` parts, patient by patient: the first
  /// patient is of part 0, and after that of the last part it is the first one's turn again.
  ///
  /// Records of one patient are of one part, so that no part is predicted from the patients in it.
  public func parts(_ count: Int) -> [Int] {
    guard let owners else { return outcomes.indices.map { $0 % count } }
    var places: [Int: Int] = [:]
    return owners.map { owner in
      let place = places[owner] ?? places.count
      places[owner] = place
      return place % count
    }
  }
}

/// One learning task drawn at one hospital.
///
/// A support set to adapt on and a query set to be judged on; they never share a patient.
public struct Episode: Equatable, Sendable {
  /// What is adapted on.
  public var support: Examples
  /// What adaptation is judged on.
  public var query: Examples
  /// What one unit of an outcome is in the data set's own units; 1 but of some numbers.
  public var outcomeUnit: Double

  /// Takes both sets as they are.
  public init(support: Examples, query: Examples, outcomeUnit: Double = 1) {
    self.support = support
    self.query = query
    self.outcomeUnit = outcomeUnit
  }
}

/// Whatever episodes can be drawn from: the patients of a hospital, or a family of tasks.
public protocol EpisodeSource: Sendable {
  /// The patients it draws from; `nil` where every episode makes its own points.
  var patients: Int? { get }
  /// An episode to learn from, of exactly these sizes.
  func trainingEpisode(
    support: Int, query: Int, using random: inout RandomStream
  ) throws(CohortError) -> Episode
  /// An episode to judge by: `shots` examples to adapt on, and as query set all that is kept for
  /// judging.
  func judgingEpisode(shots: Int, using random: inout RandomStream) throws(CohortError) -> Episode
}
