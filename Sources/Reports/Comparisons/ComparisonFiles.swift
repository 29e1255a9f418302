extension Comparison {
  /// Puts everything in files of the directory, whole: `figures.csv`, a row for each method, seed, hospital,
  /// size of support set and contender; `comparison.csv` and `comparison.json`, the means and what
  /// belongs to them; `costs.csv`, what each method took; and the text for people.
  ///
  /// - Returns: The text for people, and the paths of the files.
  public func write(
    to directory: SweepDirectory
  ) throws(RunFilesError) -> (text: String, files: [String]) {
    let table = ComparisonTable(self)
    let json = json(table.rows).indented() + "\n"
    let files = [
      try directory.write(summary(table.rows), to: "comparison.csv"),
      try directory.write(figures, to: "figures.csv"),
      try directory.write(json, to: "comparison.json"),
      try directory.write(table.text, to: "comparison.txt"),
      try directory.write(CostTable(self).csv, to: "costs.csv"),
    ]
    return (table.text, files)
  }
}

// MARK: Comma-separated values

extension Comparison {
  private var metrics: [Metric] { [metric] + others }

  /// The figures as they were found.
  private var figures: String {
    let head = ["method", "seed", "group", "hospital", "patients", "shots", "contender"]
    let rows = methods.flatMap { method in
      (results[method] ?? []).flatMap { result in
        result.hospitals.flatMap { figures(of: $0, [method, String(result.file.seed)]) }
      }
    }
    return CommaSeparated.text([head + metrics.map(\.rawValue)] + rows)
  }

  private func figures(of hospital: ResultsFile.Hospital, _ head: [String]) -> [[String]] {
    let group = hospital.heldOut ? HospitalGroup.heldOut : .training
    let patients = hospital.patients.map { String($0) } ?? ""
    return hospital.results.map { row in
      let place = [group.rawValue, hospital.hospital, patients, String(row.shots), row.contender]
      return head + place + metrics.map { row.figures[$0]?.description ?? "" }
    }
  }

  private func summary(_ rows: [ComparisonRow]) -> String {
    let head =
      ["method", "shots", "contender", "chosen"]
      + metrics.flatMap { [$0.rawValue, $0.rawValue + "Low", $0.rawValue + "High"] }
      + deciding.flatMap(standingHeads)
    let lines = rows.map { row in
      [row.column.method, "\(row.column.shots)", row.column.contender, "\(row.isChosen)"]
        + metrics.flatMap { cells(row.figures[$0]) }
        + deciding.flatMap { cells(row.standings[$0]) }
    }
    return CommaSeparated.text([head] + lines)
  }

  /// Those of a second measure that decides have its name before them.
  private func standingHeads(_ metric: Metric) -> [String] {
    let heads =
      ["difference", "differenceLow", "differenceHigh", "worstHospital", "worst"]
      + ["worseThanOwn", "hospitals", "patientsNeeded", "patientsNeededMoreThan"]
      + ["patientsNeededHospitals", "patientsNeededPlaces"]
    guard metric != self.metric else { return heads }
    return heads.map { metric.rawValue + $0.prefix(1).uppercased() + $0.dropFirst() }
  }

  private func cells(_ standing: ComparisonRow.Standing?) -> [String] {
    let (worse, all) = standing?.worseThanOwn ?? (0, 0)
    let needed = standing?.patientsNeeded
    return cells(standing?.difference)
      + [standing?.worst?.hospital ?? "", text(standing?.worst?.figure), "\(worse)", "\(all)"]
      + [needed?.patients, needed?.moreThan, needed?.hospitals, needed?.places].map {
        $0.map { "\($0)" } ?? ""
      }
  }

  private func cells(_ figure: ComparisonRow.Figure?) -> [String] {
    [text(figure?.mean), text(figure?.interval?.low), text(figure?.interval?.high)]
  }

  private func text(_ number: Double?) -> String { number?.description ?? "" }
}

// MARK: JSON

extension Comparison {
  private func json(_ rows: [ComparisonRow]) -> JSON {
    .object([
      ("metric", .string(metric.rawValue)),
      (
        "against",
        .object([("method", .string(bar.method)), ("contender", .string(bar.contender))])
      ),
      ("seeds", .array(seeds.map { .integer($0) })), ("hospitals", .integer(hospitalCount)),
      ("places", .integer(heldOut.places.count)), ("judged", .array(heldOut.shots.map(judged))),
      ("incomplete", .integer(heldOut.incomplete)),
      ("resamples", .integer(PairedBootstrap(places: heldOut.places).resamples)),
      ("choices", choices.map(json) ?? .null), ("costs", .array(CostTable(self).costs.map(cost))),
      ("results", .array(rows.map(result))),
    ])
  }

  /// How many were judged with support sets of a size.
  private func judged(shots: Int) -> JSON {
    let places = heldOut.judged(metric, shots: shots)
    return .object([
      ("shots", .integer(shots)), ("hospitals", .integer(Set(places.map(\.hospital)).count)),
      ("places", .integer(places.count)),
    ])
  }

  private func json(_ choices: Choices) -> JSON {
    .array(
      choices.byShots.sorted { $0.key < $1.key }.flatMap { shots, chosen in
        zip(heldOut.places, chosen).map { place, choice in
          .object([
            ("seed", .integer(place.seed)), ("hospital", .string(place.hospital)),
            ("shots", .integer(shots)), ("method", choice.map { .string($0.method) } ?? .null),
            ("contender", choice.map { .string($0.contender) } ?? .null),
            ("validation", .real(choice?.validation)),
          ])
        }
      })
  }

  private func cost(_ cost: CostTable.Cost) -> JSON {
    .object([
      ("method", .string(cost.method)), ("rounds", .real(cost.rounds)),
      ("trainingBytesDown", .real(cost.bytesDown)), ("trainingBytesUp", .real(cost.bytesUp)),
      ("processorSeconds", .real(cost.processorSeconds)),
    ])
  }

  private func result(_ row: ComparisonRow) -> JSON {
    .object(
      [
        ("method", .string(row.column.method)), ("shots", .integer(row.column.shots)),
        ("contender", .string(row.column.contender)), ("chosen", .bool(row.isChosen)),
      ] + metrics.map { ($0.rawValue, figure(row.figures[$0])) }
        + standing(row.standings[metric])
        + deciding.dropFirst().map {
          (
            "by" + $0.rawValue.prefix(1).uppercased() + $0.rawValue.dropFirst(),
            .object(standing(row.standings[$0]))
          )
        })
  }

  private func standing(_ standing: ComparisonRow.Standing?) -> [(String, JSON)] {
    let needed = standing?.patientsNeeded
    let worst = standing?.worst.map { worst in
      JSON.object([("hospital", .string(worst.hospital)), ("figure", .real(worst.figure))])
    }
    return [
      ("difference", figure(standing?.difference)), ("worst", worst ?? .null),
      ("worseThanOwn", .integer(standing?.worseThanOwn.worse ?? 0)),
      ("of", .integer(standing?.worseThanOwn.of ?? 0)),
      ("patientsNeeded", integer(needed?.patients)),
      ("patientsNeededMoreThan", integer(needed?.moreThan)),
      ("patientsNeededHospitals", integer(needed?.hospitals)),
      ("patientsNeededPlaces", integer(needed?.places)),
    ]
  }

  private func integer(_ number: Int?) -> JSON { number.map { .integer($0) } ?? .null }

  private func figure(_ figure: ComparisonRow.Figure?) -> JSON {
    .object([
      ("mean", .real(figure?.mean)), ("low", .real(figure?.interval?.low)),
      ("high", .real(figure?.interval?.high)),
    ])
  }
}
