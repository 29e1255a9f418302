import Scenarios

/// What a contender of a method came to at held-out hospitals, with so many patients to adapt on.
struct ComparisonRow {
  /// A mean over seeds and hospitals, and its interval.
  struct Figure {
    var mean: Double?
    var interval: PairedBootstrap.Interval?
  }

  /// How it stands to others, by one measure.
  struct Standing {
    /// The figure less the bar's, at the same hospitals.
    var difference: Figure
    var worst: (hospital: String, figure: Double)?
    var worseThanOwn: (worse: Int, of: Int)
    var patientsNeeded: PatientsNeeded?
  }

  var column: ComparedFigures.Column
  var figures: [Metric: Figure]
  /// By each measure that decides.
  var standings: [Metric: Standing]
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
    let standings = deciding.map { self.standings(of: columns, by: $0, bootstrap) }
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
        standings: Dictionary(
          uniqueKeysWithValues: zip(deciding, standings.map { $0[number] })),
        isChosen: isTold(column))
    }
  }

  private func standings(
    of columns: [ComparedFigures.Column], by metric: Metric, _ bootstrap: PairedBootstrap
  ) -> [ComparisonRow.Standing] {
    let differences = columns.map { difference($0, metric) }
    let intervals = bootstrap.intervals(of: differences)
    return columns.indices.map { number in
      let column = columns[number]
      return ComparisonRow.Standing(
        difference: .init(
          mean: ComparedFigures.mean(differences[number].compactMap { $0 }),
          interval: intervals[number]),
        worst: worst(column, by: metric), worseThanOwn: worseThanOwn(column, by: metric),
        patientsNeeded: patientsNeeded(toMatch: column, by: metric))
    }
  }

  /// Whether the figures stand for their method in the tables.
  private func isTold(_ column: ComparedFigures.Column) -> Bool {
    column.method == Choices.name
      || chosen(of: column.method, shots: column.shots) == column.contender
  }

  private func difference(_ column: ComparedFigures.Column, _ metric: Metric) -> [Double?] {
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
