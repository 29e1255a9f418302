import Aggregation
import Cohorts
import MetaLearning
import Transports

// What a region has gathered, as it travels to its parent, and what a parent makes of it. Sums are
// exact on the way too, so that a tree of regions of any shape has the bits of the flat federation.
//
// Folding changes nothing unless the whole answer fits.

extension FeatureGathering {
  /// What was folded in, exact.
  var combined: [Tensor] {
    let meanings = [Meaning.featureCount, Meaning.featureSum, Meaning.featureSquareSum]
    return meanings.enumerated().map { part, meaning in
      .words(meaning, ExactWords(Array(totals[part * features..<(part + 1) * features])))
    }
  }

  /// Folds in what a region has gathered from so many hospitals, or refuses it whole.
  mutating func fold(combined tensors: [Tensor], hospitals: Int) throws(UnfitAnswer) {
    let counts = try tensors.sums(Meaning.featureCount, count: features, of: hospitals)
    let sums = try tensors.sums(Meaning.featureSum, count: features, of: hospitals)
    let squares = try tensors.sums(Meaning.featureSquareSum, count: features, of: hospitals)
    try check(
      counts: counts.map(\.rounded), sums: sums.map(\.rounded), squares: squares.map(\.rounded),
      hospitals: hospitals)
    add(counts + sums + squares)
  }
}

extension UpdateGathering {
  /// What was folded in, exact.
  var combined: [Tensor] {
    [.words(Meaning.losses, ExactWords([lossBefore, lossAfter]))]
      + (residuals.isEmpty ? [] : [.words(Meaning.residuals, ExactWords(residuals))])
      + [.words(Meaning.metaGradientSum, ExactWords(gradient))]
  }

  /// Folds in what a region has gathered from so many hospitals, or refuses it whole.
  mutating func fold(
    combined tensors: [Tensor], episodes count: Int, hospitals: Int
  ) throws(UnfitAnswer) {
    try check(count, of: hospitals)
    let losses = try tensors.sums(Meaning.losses, count: 2, of: hospitals)
    let left =
      residuals.isEmpty
      ? [] : try tensors.sums(Meaning.residuals, count: residuals.count, of: hospitals)
    let words = try tensors.words(Meaning.metaGradientSum, count: parameters)
    do throws(ImplausibleSum) {
      gradient.add(try ExactSum(words, contributions: hospitals))
    } catch { throw UnfitAnswer(error) }
    lossBefore.add(losses[0])
    lossAfter.add(losses[1])
    for (index, sum) in left.enumerated() { residuals[index].add(sum) }
    if case .patients = share {
      try weights.fold(Double(count))
    } else {
      try weights.fold(Double(hospitals))
    }
    episodes += count
  }
}

extension MetricGathering {
  /// The metrics of `hospitals`, a row for each: nothing is added up, as each is judged by itself.
  func combined(_ hospitals: [String]) -> [Tensor] {
    let rows = hospitals.compactMap { results[$0] }
    return form.tensors(ofRows: rows.map(\.judgement)) + [
      .doubles(Meaning.patients, rows.map { $0.patients.map(Double.init) ?? -1 })
    ]
  }

  /// Folds in what a region has gathered from `hospitals`, or refuses it whole.
  mutating func fold(combined tensors: [Tensor], of hospitals: [String]) throws(UnfitAnswer) {
    let judgements = try form.judgements(ofRows: hospitals.count, in: tensors)
    let patients = try tensors.doubles(Meaning.patients, shape: [hospitals.count])
    guard let counts = wholeNumbers(patients) else {
      throw UnfitAnswer("its tensor \(Meaning.patients) holds more than whole numbers from -1")
    }
    for (row, hospital) in hospitals.enumerated() {
      fold(judgements[row], patients: counts[row] < 0 ? nil : counts[row], of: hospital)
    }
  }

  private func wholeNumbers(_ numbers: [Double]) -> [Int]? {
    let whole = numbers.compactMap { Int(exactly: $0) }
    return whole.count == numbers.count && whole.allSatisfy { $0 >= -1 } ? whole : nil
  }
}

// MARK: Exact sums on the wire

extension Tensor {
  /// Exact sums, `[words, numbers]`.
  static func words(_ meaning: String, _ words: ExactWords) -> Tensor {
    Tensor(
      meaning: meaning, scalar: .int64, shape: [words.width, words.count],
      exponent: words.exponent, frame: Frame(integers: words.words))
  }
}

extension [Tensor] {
  /// Exact sums of this meaning, of so many numbers.
  func words(_ meaning: String, count: Int) throws(UnfitAnswer) -> ExactWords {
    let width = first { $0.meaning == meaning }?.shape.first ?? 0
    let found = try tensor(meaning, .int64, shape: [width, count])
    return ExactWords(count: count, exponent: found.exponent, words: found.frame.integers())
  }

  /// Exact sums of this meaning in the range of `Double`, each over so many hospitals.
  func sums(
    _ meaning: String, count: Int, of hospitals: Int
  ) throws(UnfitAnswer) -> [ExactScalarSum] {
    let words = try words(meaning, count: count)
    do throws(ImplausibleSum) {
      return try ExactScalarSum.sums(of: words, contributions: hospitals)
    } catch { throw UnfitAnswer(error) }
  }
}

extension UnfitAnswer {
  fileprivate init(_ sum: ImplausibleSum) {
    self.init("it holds \(sum)")
  }
}
