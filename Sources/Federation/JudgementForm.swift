import MetaLearning
import Scenarios
import Transports

/// The form in which what was counted at hospitals travels: nothing is added up, as each is judged by
/// itself.
struct JudgementForm {
  private let shots: Int
  private let contenders: Int
  /// Whether there are doses to choose from.
  private let isChoosing: Bool

  init(of experiment: Experiment) {
    shots = experiment.scenario.evaluation.shots.count
    contenders = experiment.contenders.count
    isChoosing = experiment.scenario.hasDoses
  }

  /// Nothing counted, `[shots][contenders]`.
  var nothing: [[MetricSums]] {
    Array(repeating: Array(repeating: MetricSums(), count: contenders), count: shots)
  }

  /// The sums of one hospital.
  func tensors(of sums: [[MetricSums]]) -> [Tensor] { tensors(of: [sums], leading: []) }

  /// The sums of several hospitals, a row for each.
  func tensors(ofRows sums: [[[MetricSums]]]) -> [Tensor] {
    tensors(of: sums, leading: [sums.count])
  }

  private func tensors(of sums: [[[MetricSums]]], leading: [Int]) -> [Tensor] {
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

  /// Reads the sums of one hospital.
  func sums(in tensors: [Tensor]) throws(UnfitAnswer) -> [[MetricSums]] {
    try sums(in: tensors, leading: [])[0]
  }

  /// Reads the sums of so many hospitals.
  func sums(ofRows rows: Int, in tensors: [Tensor]) throws(UnfitAnswer) -> [[[MetricSums]]] {
    try sums(in: tensors, leading: [rows])
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
