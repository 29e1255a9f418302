import Scenarios

/// What a contender of a method came to at held-out hospitals, with so many patients to adapt on.
struct ComparisonRow {
  /// A mean over seeds and hospitals, and its interval.
  struct Figure {
    var mean: Double?
    var interval: PairedBootstrap.Interval?
  }

  var column: ComparedFigures.Column
  var figures: [Metric: Figure]
  /// The figure less the bar's, at the same hospitals.
  var difference: Figure
  var worst: (hospital: String, figure: Double)?
  var worseThanOwn: (worse: Int, of: Int)
  var patientsNeeded: Int?
  /// Whether these are the steps that did best at training hospitals.
  var isChosen: Bool
}

extension Comparison {
  /// Every contender of every method that finished, at every size of support set.
  func rows() -> [ComparisonRow] {
    let columns = heldOut.shots.flatMap { shots in
      (finished + (choices == nil ? [] : [Choices.name])).flatMap { method in
        heldOut.contenders(of: method, shots: shots)
          .map { ComparedFigures.Column(method: method, shots: shots, contender: $0) }
      }
    }
    let metrics = [metric] + others
    let bootstrap = PairedBootstrap(places: heldOut.places)
    let intervals = metrics.map { metric in
      bootstrap.intervals(of: columns.map { heldOut.figures(metric, of: $0) ?? [] })
    }
    let differences = columns.map(difference)
    let differenceIntervals = bootstrap.intervals(of: differences)
    return columns.enumerated().map { number, column in
      let figures = zip(metrics, intervals).map { metric, intervals in
        (
          metric,
          ComparisonRow.Figure(
            mean: heldOut.mean(metric, of: column), interval: intervals[number])
        )
      }
      return ComparisonRow(
        column: column, figures: Dictionary(uniqueKeysWithValues: figures),
        difference: .init(
          mean: ComparedFigures.mean(differences[number].compactMap { $0 }),
          interval: differenceIntervals[number]),
        worst: worst(column), worseThanOwn: worseThanOwn(column),
        patientsNeeded: patientsNeeded(toMatch: column),
        isChosen: isTold(column))
    }
  }

  /// Whether the figures stand for their method in the tables.
  private func isTold(_ column: ComparedFigures.Column) -> Bool {
    column.method == Choices.name
      || chosen(of: column.method, shots: column.shots) == column.contender
  }

  private func difference(_ column: ComparedFigures.Column) -> [Double?] {
    let own = heldOut.figures(metric, of: column) ?? []
    let theirs = heldOut.figures(metric, of: barColumn(shots: column.shots)) ?? []
    return zip(own, theirs).map { own, theirs in
      own.flatMap { own in theirs.map { own - $0 } }
    }
  }

  /// A line for each cell that ended otherwise than by finishing.
  var remarks: String {
    methods.flatMap { results[$0] ?? [] }.filter { $0.outcome != "finished" }.map { result in
      "  \(result.cell.method ?? "") with seed \(result.file.seed): \(result.outcome):"
        + " \(result.file.reason ?? "")\n"
    }.joined()
  }

  /// The seeds, in order.
  var seeds: [UInt64] { Set(heldOut.places.map(\.seed)).sorted() }
  /// Whether a task is a patient.
  var isOfPatients: Bool { plan?.cohorts.by == .patient }
  /// What there are many of in a support set.
  var example: String { plan?.cohorts.source.isOfRecords == true ? "record" : "patient" }
  /// How many different hospitals there are.
  var hospitalCount: Int { Set(heldOut.places.map(\.hospital)).count }
}
