import MetaLearning
import Scenarios
import Transports

/// What was counted at a hospital.
struct Judgement: Equatable {
  /// Of contenders, `[shots][contenders]`.
  var sums: [[MetricSums]]
  /// Of the features on which the model relies, if that was asked for and can be told.
  var reliance: RelianceSums?
}

/// The form in which what was counted at hospitals travels: nothing is added up, as each is judged by
/// itself.
struct JudgementForm {
  private let shots: Int
  private let contenders: Int
  /// Whether there are doses to choose from.
  private let isChoosing: Bool
  /// The features whose part in predictions is told, if it is.
  private let features: Int?

  init(of experiment: Experiment) {
    shots = experiment.scenario.evaluation.shots.count
    contenders = experiment.contenders.count
    isChoosing = experiment.scenario.hasDoses
    features = experiment.explained?.features.count
  }

  /// Nothing counted, `[shots][contenders]`.
  var nothing: [[MetricSums]] {
    Array(repeating: Array(repeating: MetricSums(), count: contenders), count: shots)
  }

  /// What was counted at one hospital.
  func tensors(of judgement: Judgement) -> [Tensor] { tensors(of: [judgement], leading: []) }

  /// What was counted at several hospitals, a row for each.
  func tensors(ofRows judgements: [Judgement]) -> [Tensor] {
    tensors(of: judgements, leading: [judgements.count])
  }

  private func tensors(of judgements: [Judgement], leading: [Int]) -> [Tensor] {
    metrics(of: judgements.map(\.sums), leading)
      + reliance(of: judgements.map(\.reliance), leading)
  }

  private func metrics(of sums: [[[MetricSums]]], _ leading: [Int]) -> [Tensor] {
    let all = sums.flatMap { $0.flatMap(\.self) }
    let metrics = Tensor.doubles(
      Meaning.metrics, all.flatMap(\.numbers), shape: shape(MetricSums.count, leading))
    guard isChoosing else { return [metrics] }
    return [
      metrics,
      .doubles(
        Meaning.choices, all.flatMap(\.choices.numbers), shape: shape(ChoiceSums.count, leading)),
    ]
  }

  /// Zeros where a hospital tells nothing.
  private func reliance(of sums: [RelianceSums?], _ leading: [Int]) -> [Tensor] {
    guard let features else { return [] }
    let all = sums.map { $0 ?? RelianceSums(features: features) }
    return [
      .doubles(Meaning.explained, all.map(\.explained), shape: leading.isEmpty ? [1] : leading),
      .doubles(
        Meaning.reliance, all.flatMap(\.numbers), shape: leading + [features, RelianceSums.count]),
    ]
  }

  /// Reads what was counted at one hospital.
  func judgement(in tensors: [Tensor]) throws(UnfitAnswer) -> Judgement {
    try judgements(in: tensors, leading: [])[0]
  }

  /// Reads what was counted at so many hospitals.
  func judgements(ofRows rows: Int, in tensors: [Tensor]) throws(UnfitAnswer) -> [Judgement] {
    try judgements(in: tensors, leading: [rows])
  }

  private func judgements(
    in tensors: [Tensor], leading: [Int]
  ) throws(UnfitAnswer) -> [Judgement] {
    let sums = try sums(in: tensors, leading: leading)
    let reliance = try reliance(in: tensors, leading: leading)
    return sums.indices.map { Judgement(sums: sums[$0], reliance: reliance[$0]) }
  }

  private func reliance(
    in tensors: [Tensor], leading: [Int]
  ) throws(UnfitAnswer) -> [RelianceSums?] {
    let rows = leading.reduce(1, *)
    guard let features else { return Array(repeating: nil, count: rows) }
    let explained = try tensors.doubles(
      Meaning.explained, shape: leading.isEmpty ? [1] : leading)
    let size = features * RelianceSums.count
    let numbers = try tensors.doubles(
      Meaning.reliance, shape: leading + [features, RelianceSums.count])
    return explained.enumerated().map { row, count in
      count > 0 ? RelianceSums(explained: count, numbers: numbers.part(row, of: size)) : nil
    }
  }

  private func sums(
    in tensors: [Tensor], leading: [Int]
  ) throws(UnfitAnswer) -> [[[MetricSums]]] {
    let metrics = try tensors.doubles(Meaning.metrics, shape: shape(MetricSums.count, leading))
    let choices =
      isChoosing
      ? try tensors.doubles(Meaning.choices, shape: shape(ChoiceSums.count, leading)) : []
    return (0..<leading.reduce(1, *)).map { row in
      (0..<shots).map { shot in
        (0..<contenders).map { contender in
          let place = (row * shots + shot) * contenders + contender
          var sums = MetricSums(numbers: metrics.part(place, of: MetricSums.count))
          if isChoosing {
            sums.choices = ChoiceSums(numbers: choices.part(place, of: ChoiceSums.count))
          }
          return sums
        }
      }
    }
  }

  private func shape(_ count: Int, _ leading: [Int]) -> [Int] {
    leading + [shots, contenders, count]
  }
}

extension [Double] {
  /// The numbers of the part at `place`, where parts are of so many.
  fileprivate func part(_ place: Int, of count: Int) -> ArraySlice<Double> {
    self[place * count..<(place + 1) * count]
  }
}
