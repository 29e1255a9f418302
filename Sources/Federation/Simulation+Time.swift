import MetaLearning
import Models
import Scenarios
import Transports

// What takes how long on the virtual clock, and who is there.

extension Simulation {
  /// What a job takes to compute.
  func duration(of job: Job) -> Duration { tempo?.computation(of: job) ?? .zero }

  /// What a message takes on the link of a node or, numbered beyond them, of a region.
  func linkTimes(
    _ bytes: Int, _ direction: Letter.Direction, _ link: Int
  ) -> (transfer: Duration, latency: Duration) {
    guard let tempo else { return (.zero, .zero) }
    let name = name(ofLink: link)
    return (tempo.transfer(of: bytes, direction, at: name), tempo.latency(of: name))
  }

  /// When a node that is away now will be back; `nil` if it is there.
  func absence(of number: Int) -> Instant? {
    guard let traces, let hospital = hospitals(of: number).first else { return nil }
    let span = traces.span(of: hospital, at: now + earlier)
    return span.isThere ? nil : span.until + (.zero - earlier)
  }

  /// Whether a node is there now, and stays for so long.
  func isThere(_ number: Int, for duration: Duration) -> Bool {
    guard let traces, let hospital = hospitals(of: number).first else { return true }
    let span = traces.span(of: hospital, at: now + earlier)
    return span.isThere && now + earlier + duration <= span.until
  }
}

// MARK: The report

extension Simulation {
  /// Takes the time of what is reported as over.
  mutating func time(_ report: RunEvent, because event: Coordinator.Event) throws {
    guard tempo != nil, let settled = report.settled else { return }
    let isLate = if case .deadlinePassed = event { true } else { false }
    let timing = stopwatch.settle(
      settled.phase, round: settled.round, missing: settled.missing, deadlinePassed: isLate,
      at: now)
    if let timing { try timekeeper?.note(timing) }
  }

  /// Gives what the whole run took.
  func conclude() throws {
    guard tempo != nil else { return }
    let traffic = links.traffic.map { link in
      RunTiming.Traffic(
        hospital: tree.flatMap { $0.path(of: link.node - nodeCount) } ?? name(ofLink: link.node),
        isRegion: link.node >= nodeCount, down: link.down, up: link.up)
    }
    var total = stopwatch.total(traffic, at: now)
    total.isResumed = earlier > .zero
    try timekeeper?.conclude(total)
  }
}

extension RunEvent {
  /// Which question it tells the end of, and how many did not answer; `nil` where of none.
  fileprivate var settled: (phase: Phase, round: Int, missing: Int)? {
    switch self {
    case .roundClosed(let record):
      (record.round == 0 ? .describe : .learn, record.round, record.missing.count)
    case .evaluated(let evaluation): (.evaluate, evaluation.round, evaluation.missing.count)
    default: nil
    }
  }
}

extension Coordinator {
  /// For how many hospitals a message answers of whom the open question or buffer waits.
  func awaited(in message: Message) -> Int {
    switch message {
    case .answer(let answer) where answer.turn.phase == .learn && isBuffering:
      workshop.isAwaited(answer.hospital, toAnswer: answer.turn.round) ? 1 : 0
    case .answer(let answer): awaited(answer.turn, [answer.hospital])
    case .combinedAnswer(let answer): awaited(answer.turn, answer.answered)
    case .hello, .welcome, .refused, .assignment, .farewell: 0
    }
  }

  private func awaited(_ turn: Turn, _ hospitals: [String]) -> Int {
    guard let question, question.turn == turn else { return 0 }
    return hospitals.count { question.open.contains($0) }
  }
}

/// What answers look like before they are made: their size is known, and nothing else.
struct Promises {
  private let outcomes: [Phase: Answer.Outcome]

  init(_ experiment: Experiment) {
    let zeros = Array(repeating: 0.0, count: experiment.network.inputs)
    let form = JudgementForm(of: experiment)
    var metrics = form.tensors(of: Judgement(sums: form.nothing))
    if case .sinusoid = experiment.scenario.cohorts.source {
    } else {
      metrics.append(.doubles(Meaning.patients, [0]))
    }
    let gradient = Array(repeating: Float(0), count: experiment.layout.contribution)
    outcomes = [
      .describe: .contribution(
        episodes: 1,
        tensors: [
          .doubles(Meaning.featureCount, zeros), .doubles(Meaning.featureSum, zeros),
          .doubles(Meaning.featureSquareSum, zeros),
        ]),
      .learn: .contribution(
        episodes: experiment.scenario.federation.episodesPerRound,
        tensors: [.doubles(Meaning.losses, [0, 0])]
          + (experiment.scenario.algorithm.name.leavesResiduals
            ? [.doubles(Meaning.residuals, [0, 0])] : [])
          + [.floats(Meaning.metaGradientSum, gradient)]),
      .evaluate: .contribution(
        episodes: experiment.scenario.evaluation.episodes, tensors: metrics),
    ]
  }

  func outcome(of phase: Phase) -> Answer.Outcome {
    outcomes[phase] ?? .contribution(episodes: 0, tensors: [])
  }
}

/// Seconds of a training episode on this machine: the shortest of some, so that what else runs here
/// counts little.
func measuredEpisode(of experiment: Experiment, data: String?) throws -> Double {
  guard let hospital = experiment.training.first else { return 0 }
  let worker = try HospitalWorker(experiment, hospitals: [hospital], data: data)
  let inputs = experiment.network.inputs
  let job = Job(
    turn: Turn(run: Array(repeating: 0, count: 16), phase: .learn, round: 1), hospital: hospital,
    tensors: [
      .doubles(Meaning.featureMean, Array(repeating: 0, count: inputs)),
      .doubles(Meaning.featureScale, Array(repeating: 1, count: inputs)),
      .floats(Meaning.parameters, experiment.initialParameters()),
    ])
  let times = (0..<6).map { _ in ContinuousClock().measure { _ = worker.perform(job) }.seconds }
  return (times.dropFirst().min() ?? 0) / Double(experiment.scenario.federation.episodesPerRound)
}
