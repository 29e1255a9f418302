public import Federation
import MetaLearning
public import Scenarios

/// What a run came to: collected from its events, told as a table, a sentence and JSON.
public struct RunResults {
  /// What was run.
  public let scenario: Scenario
  private var start: RunStart?
  private var ending: Ending?
  private var evaluation: Evaluation?
  private var late: RoundRecord.Late?
  private let earlierTraffic: Traffic
  /// What this coordinator's rounds have sent; made with the first of them.
  private var traffic: TrafficCount?

  /// The results of a run of `scenario` of which nothing has happened yet, or that was left after
  /// `evaluation` was made, training had sent so much and so many answers were late.
  public init(
    of scenario: Scenario, evaluation: Evaluation? = nil, traffic: Traffic = Traffic(),
    late: RoundRecord.Late? = nil
  ) {
    self.scenario = scenario
    self.evaluation = evaluation
    self.late = late
    earlierTraffic = traffic
  }

  /// Takes in what happened.
  ///
  /// A later evaluation replaces an earlier one.
  public mutating func note(_ event: RunEvent) {
    switch event {
    case .started(let start), .resumed(let start, _): self.start = start
    case .evaluated(let evaluation): self.evaluation = evaluation
    case .ended(let ending): self.ending = ending
    case .roundClosed(let round):
      late = RoundRecord.Late.sum(late, round.late)
      if traffic == nil { traffic = TrafficCount(of: Experiment(scenario)) }
      traffic?.note(round)
    case .presence, .ignored, .staged, .checkpoint: break
    }
  }
}

// MARK: For people

extension RunResults {
  /// What training has sent so far.
  private var sent: Traffic { earlierTraffic + (traffic?.total ?? Traffic()) }

  /// How much training has sent, in a sentence; `nil` where no round was closed.
  public var correspondence: String? {
    guard sent != Traffic() else { return nil }
    return "Training sent \(inBytes(sent.down)) to hospitals, and they sent \(inBytes(sent.up))."
  }

  /// How many answers came late and what became of them, in a sentence; `nil` where they were not
  /// counted.
  public var lateness: String? {
    guard let late else { return nil }
    return "\(counted(late.used + late.dropped, "late answer")): \(late.used) used,"
      + " \(late.dropped) dropped."
  }

  /// The table of the last evaluation, of some 110 columns; `nil` where none was made.
  public var table: String? {
    evaluation.map { evaluation in
      ResultsTable(evaluation: evaluation, scenario: scenario).text
        + (RelianceTable(evaluation, of: scenario).map { "\n" + $0.text } ?? "")
    }
  }

  /// The closing sentence: what adaptation to new hospitals brought, or why nobody can say.
  public var conclusion: String {
    guard let evaluation else {
      let reason = ending?.reason ?? "the run has not ended"
      return "No hospital was judged: \(reason)\(reason.hasSuffix(".") ? "" : ".")"
    }
    return Conclusion(evaluation: evaluation, scenario: scenario).sentence
  }
}

extension RunResults {
  /// Why the run did not finish, in a sentence without a full stop, and what of it is kept in
  /// `directory`; `nil` for a run that finished.
  public func complaint(keptIn directory: RunDirectory) -> String? {
    guard let ending, ending.outcome != .finished else { return nil }
    guard !ending.parameters.isEmpty else { return ending.reason }
    let rounds = counted(ending.round, "round")
    return ending.reason + "; the meta-parameters after \(rounds) are kept in "
      + directory.file("meta.safetensors")
  }
}

// MARK: For programs

extension RunResults {
  /// The text of `results.json`, which ends with a line feed.
  ///
  /// `metaParametersSHA256` is the digest of the little-endian meta-parameters, as in the journal.
  /// Figures are means over the patients judged at one hospital; `means` are means over the hospitals
  /// of a group, each counting the same. Log losses are in nats; `null` stands for a figure that is
  /// not defined, and the strings `NaN`, `Infinity` and `-Infinity` for one that is not finite.
  public var json: String {
    json(
      scenarioDigest: start?.scenarioDigest,
      sha256: ending.map { MetaParameters.digest(of: $0.parameters) })
  }

  /// The same text of the run `recorded`, but with this evaluation.
  func json(of recorded: RecordedRun) -> String {
    var results = RunResults(of: recorded.scenario, evaluation: evaluation)
    for round in recorded.rounds { results.note(.roundClosed(round)) }
    let last = recorded.rounds.last
    results.ending = recorded.ending.map {
      Ending(outcome: $0.outcome, round: last?.round ?? 0, parameters: [], reason: $0.reason)
    }
    return results.json(scenarioDigest: recorded.scenarioDigest, sha256: last?.sha256)
  }

  private func json(scenarioDigest: String?, sha256: String?) -> String {
    JSON.object(
      [
        ("scenario", .string(scenario.name)), ("scenarioDigest", JSON(scenarioDigest)),
        ("seed", .integer(scenario.seed)), ("kind", .string(scenario.task.kind.rawValue)),
        ("outcome", ending.map { .string($0.outcome.rawValue) } ?? .null),
        ("reason", ending.map { .string($0.reason) } ?? .null),
        ("rounds", .integer(scenario.federation.rounds)),
        ("roundsClosed", ending.map { .integer($0.round) } ?? .null),
        ("trainingBytes", sent.json),
        ("metaParametersSHA256", JSON(sha256)), ("conclusion", .string(conclusion)),
      ] + (late.map { [("lateAnswers", $0.json)] } ?? []) + [
        ("evaluation", evaluation.map { EvaluationJSON($0, of: scenario).whole } ?? .null)
      ]
    ).indented() + "\n"
  }
}

/// The forms that an evaluation takes in JSON.
struct EvaluationJSON {
  let evaluation: Evaluation
  let metrics: [Metric]

  init(_ evaluation: Evaluation, of scenario: Scenario) {
    self.evaluation = evaluation
    metrics = Metric.reported(of: scenario)
  }

  /// All that is known, hospital by hospital.
  var whole: JSON {
    .object(
      [
        ("round", .integer(evaluation.round)), ("final", .bool(evaluation.final)),
        ("means", means), ("overPredictions", overPredictions),
        ("hospitals", .array(evaluation.hospitals.map(hospital))),
        ("missing", .strings(evaluation.missing)),
      ] + explanation)
  }

  /// The means over the hospitals of each group.
  var means: JSON { groups { evaluation.mean($1, in: $0, shots: $2, contender: $3) } }

  /// The figures over all predictions at the hospitals of each group.
  private var overPredictions: JSON {
    groups { evaluation.overPredictions($1, in: $0, shots: $2, contender: $3) }
  }

  private func groups(_ value: (HospitalGroup, Metric, Int, Int) -> Double?) -> JSON {
    .array(
      HospitalGroup.allCases.map { group in
        .object([
          ("group", .string(group.rawValue)),
          ("hospitals", .integer(evaluation.hospitals(in: group).count)),
          ("results", results { value(group, $0, $1, $2) }),
        ])
      })
  }

  private func hospital(_ hospital: HospitalEvaluation) -> JSON {
    .object(
      [
        ("hospital", .string(hospital.hospital)), ("heldOut", .bool(hospital.heldOut)),
        ("patients", hospital.patients.map { .integer($0) } ?? .null),
        ("declined", hospital.declined.map { .string($0) } ?? .null),
        ("results", hospital.results.isEmpty ? .array([]) : figures(of: hospital)),
      ] + explanation(of: hospital))
  }

  private func figures(of hospital: HospitalEvaluation) -> JSON {
    results { metric, shots, contender in
      hospital.sums(shots: shots, contender: contender).flatMap(metric.value(of:))
    }
  }

  /// One object for each size of support set and contender.
  private func results(_ value: (Metric, Int, Int) -> Double?) -> JSON {
    .array(
      evaluation.shots.indices.flatMap { shots in
        evaluation.contenders.indices.map { contender in
          .object(
            [
              ("shots", .integer(evaluation.shots[shots])),
              ("contender", .string(evaluation.contenders[contender].name)),
            ] + metrics.map { ($0.rawValue, .real(value($0, shots, contender))) })
        }
      })
  }
}

extension Traffic {
  /// The counts, as results tell them.
  var json: JSON { .object([("down", .integer(down)), ("up", .integer(up))]) }
}
