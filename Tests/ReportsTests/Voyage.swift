import Federation
import Glibc
import Reports
import Scenarios

/// A small run whose files can be left at any point, and gone on with.
struct Voyage {
  static let yaml = """
    scenario: voyage
    summary: Three hospitals, one of them held out.
    seed: 5
    cohorts:
      synthetic: { patients: 40, features: 2, outcome: diagnosis }
      hospitals: 3
      held-out: [h3]
      standardise: across-hospitals
    task: { kind: classification, support: 4, query: 4 }
    model: { layers: [ { dense: 2, activation: tanh } ] }
    algorithm:
      name: fomaml
      inner: { steps: 1, rate: 0.1 }
      outer: { optimizer: adam, rate: 0.1 }
    federation: { rounds: 4, episodes-per-round: 1, deadline: 10s, quorum: 2, assembly: 20s }
    privacy: { minimum-patients: 1 }
    evaluation: { every: 2, shots: [4], steps: [1], episodes: 1, alone: { steps: 1, rate: 0.1 } }
    """
  static let files = ["journal.jsonl", "meta.safetensors", "results.json", "scenario.yaml"]

  let experiment: Experiment

  init() throws { experiment = Experiment(try Scenario.read(Self.yaml, file: "voyage.yaml")) }

  var scenario: Scenario { experiment.scenario }
  var tensors: [TensorShape] { TensorShape.all(of: experiment.layout) }

  /// The events of a run that nothing disturbs.
  func events() throws -> [RunEvent] {
    let observer = Collector()
    _ = try simulate(experiment, data: nil, observer: observer)
    return observer.events
  }

  /// Begins a run in `path`, and goes on with it until it ends or `isInterrupted`.
  @discardableResult
  func begin(
    in path: String, prepare: (inout Simulation) -> Void = { _ in },
    isInterrupted: @escaping () -> Bool = { false }
  ) throws -> Ending {
    let directory = try RunDirectory(path: path, for: scenario)
    var simulation = try Simulation(
      experiment, data: nil,
      observer: try RunRecorder(directory, of: scenario, tensors: tensors),
      isInterrupted: isInterrupted)
    prepare(&simulation)
    return try simulation.play()
  }

  /// What is left of a run in `path`.
  func unfinished(in path: String) throws -> UnfinishedRun {
    try UnfinishedRun(in: RunDirectory(resuming: path), of: experiment)
  }

  /// Goes on with the run in `path` to its end.
  @discardableResult
  func goOn(in path: String) throws -> Ending {
    let run = try unfinished(in: path)
    let recorder = try RunRecorder(
      RunDirectory(resuming: path), of: scenario, tensors: tensors, resuming: run)
    return try simulate(experiment, data: nil, observer: recorder, resuming: run.checkpoint)
  }

  /// A recorder for which no time passes: it waits for the disk only where it must.
  func recorder(in path: String) throws -> RunRecorder {
    let now = ContinuousClock.now
    return try RunRecorder(
      RunDirectory(path: path, for: scenario), of: scenario, tensors: tensors, clock: { now })
  }

  /// Writes down `events` in `path`, and no more than that.
  func record(_ events: some Sequence<RunEvent>, in path: String) throws {
    let recorder = try recorder(in: path)
    for event in events { try recorder.observe(event) }
  }

  /// Keeps every event.
  private final class Collector: RunObserver {
    private(set) var events: [RunEvent] = []
    func observe(_ event: RunEvent) { events.append(event) }
  }
}

/// The files of a directory with what they hold.
struct Snapshot {
  var files: [String: [UInt8]] = [:]

  init(of path: String) throws {
    for name in try Directory(path).names() { files[name] = contents(of: path + "/" + name) }
  }

  /// Makes the directory `path` hold these files and no others.
  func restore(in path: String) throws {
    _ = try Directory(path).make()
    for name in try Directory(path).names() where files[name] == nil {
      _ = unsafe unlink(path + "/" + name)
    }
    for (name, bytes) in files { try write(bytes, to: path + "/" + name) }
  }

  /// What a reader of the run sees; all runs that end alike have it alike.
  var lasting: [String: [UInt8]] { files.filter { Voyage.files.contains($0.key) } }
}

/// Makes `bytes` all that the file `path` holds.
func write(_ bytes: [UInt8], to path: String) throws {
  struct Refused: Error {}
  guard let file = unsafe fopen(path, "w") else { throw Refused() }
  defer { unsafe fclose(file) }
  guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Refused() }
}
