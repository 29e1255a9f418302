/// How many patients of its own a hospital needs to do without a contender.
struct PatientsNeeded: Equatable {
  enum Answer: Equatable {
    /// Models of so many are as good, and those of fewer are not.
    case patients(Int)
    /// Models of so many, the most at which both were judged, are not.
    case moreThan(Int)
    /// Somebody had no finite figure before an answer was found.
    case unknown
  }

  var answer: Answer
  /// The hospitals that were judged at both sizes, which the answer is of.
  var hospitals: Int
  /// The same, each counting once for each seed.
  var places: Int

  /// How many; `nil` where that is not known, or more than were tried.
  var patients: Int? { if case .patients(let count) = answer { count } else { nil } }
  /// The most that were tried, where they are too few.
  var moreThan: Int? { if case .moreThan(let count) = answer { count } else { nil } }
}

/// What models of a hospital's own patients are worth beside a contender.
///
/// They are the network and the linear model that learnt from its support set alone. A figure that is not
/// finite says nothing of what its model is worth, and is never left aside in silence.
extension Comparison {
  private static let own = ["support-alone", "support-linear"]

  /// How many hospitals a contender serves worse than the better one there of their own models does, and of
  /// how many for which that is known.
  ///
  /// Figures of a hospital are means over the seeds. A contender without a finite figure is worse than
  /// a model that has one.
  func worseThanOwn(
    _ column: ComparedFigures.Column, by metric: Metric
  ) -> (worse: Int, of: Int) {
    let own = Self.own.compactMap {
      byHospital(ownColumn($0, beside: column, shots: column.shots), metric)
    }
    let verdicts = (byHospital(column, metric) ?? [:]).compactMap { hospital, figure in
      Self.isWorse(figure, than: own.compactMap { $0[hospital] })
    }
    return (verdicts.count { $0 }, verdicts.count)
  }

  /// Whether a figure is worse than the best of `others`; `nil` where one of them could be better and
  /// is not known.
  private static func isWorse(_ figure: Double, than others: [Double]) -> Bool? {
    let known = others.filter { $0.isFinite }
    if let best = known.min(), !figure.isFinite || figure > best { return true }
    return known.count == others.count && figure.isFinite ? false : nil
  }

  /// The hospital that a contender serves worst; one where its figure is not finite before all others.
  func worst(
    _ column: ComparedFigures.Column, by metric: Metric
  ) -> (hospital: String, figure: Double)? {
    func rank(_ figure: Double) -> Double { figure.isNaN ? .infinity : figure }
    return byHospital(column, metric)?
      .max { (rank($0.value), $1.key) < (rank($1.value), $0.key) }.map { ($0.key, $0.value) }
  }

  private func byHospital(
    _ column: ComparedFigures.Column, _ metric: Metric
  ) -> [String: Double]? {
    guard let figures = heldOut.figures(metric, of: column) else { return nil }
    let pairs = zip(heldOut.places, figures).compactMap { place, figure in
      figure.map { (place.hospital, [$0]) }
    }
    return Dictionary(pairs, uniquingKeysWith: +).compactMapValues { ComparedFigures.mean($0) }
  }

  /// The model of the support set alone that a contender is held against: its own method's, which is of its
  /// network.
  private func ownColumn(
    _ contender: String, beside column: ComparedFigures.Column, shots: Int
  ) -> ComparedFigures.Column {
    let isChoice = column.method == Choices.name
    return .init(
      method: isChoice ? finished.first ?? "" : column.method, shots: shots, contender: contender)
  }
}

// MARK: How many patients

extension Comparison {
  /// The fewest patients with which hospitals' own models do as well as a contender with its own.
  ///
  /// Sizes are tried in ascending order, each by the means over the places that were judged at both: only large
  /// hospitals have many patients, and they are not like the others. `nil` where no place was.
  func patientsNeeded(
    toMatch column: ComparedFigures.Column, by metric: Metric
  ) -> PatientsNeeded? {
    var largest: PatientsNeeded?
    for shots in heldOut.shots {
      let verdicts = Self.own.compactMap { contender in
        verdict(on: ownColumn(contender, beside: column, shots: shots), column, by: metric)
      }
      largest =
        verdicts.first { $0.answer == .patients(shots) }
        ?? verdicts.first { $0.answer == .unknown } ?? verdicts.first ?? largest
      if let largest, largest.answer != .moreThan(shots), !verdicts.isEmpty { return largest }
    }
    return largest
  }

  /// What one kind of model, of support sets of one size, answers.
  private func verdict(
    on own: ComparedFigures.Column, _ column: ComparedFigures.Column, by metric: Metric
  ) -> PatientsNeeded? {
    let pairs = heldOut.pairs(metric, own, column)
    guard let models = ComparedFigures.mean(pairs.map(\.figures.0)),
      let theirs = ComparedFigures.mean(pairs.map(\.figures.1))
    else { return nil }
    let isKnown = models.isFinite && theirs.isFinite
    return PatientsNeeded(
      answer: !isKnown ? .unknown : models <= theirs ? .patients(own.shots) : .moreThan(own.shots),
      hospitals: Set(pairs.map(\.place.hospital)).count, places: pairs.count)
  }
}
