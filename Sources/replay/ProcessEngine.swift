import Federation
import Options
import Reports
import Scenarios

/// Plays a scenario with real processes: one coordinator, one more for each region, and nodes that
/// share the hospitals.
struct ProcessEngine {
  /// Nodes that are started unless told otherwise, where there are more hospitals.
  static let defaultNodes = 16
  /// How long nodes may take to leave by themselves after the coordinator has ended.
  static let grace = Duration.seconds(5)

  let scenario: Scenario
  let experiment: Experiment
  let data: String?
  let output: OutputOptions
  /// The node processes that are wanted.
  let nodes: Int
  /// The directory of a run whose hospitals answer again what they answered in it; its results are
  /// not printed then.
  let attended: String?
  /// Whether its results are told by somebody else.
  let isSilent: Bool

  init(
    _ scenario: Scenario, processes: Int?, data: String?, output: OutputOptions,
    attending attended: String? = nil, isSilent: Bool = false
  ) {
    self.attended = attended
    self.isSilent = isSilent || attended != nil
    self.scenario = scenario
    self.data = data
    self.output = output
    experiment = Experiment(scenario, isRetold: attended != nil)
    nodes = max(1, min(processes ?? Self.defaultNodes, scenario.cohorts.hospitals.count))
  }

  /// Starts everything, and returns when nothing of it is left.
  ///
  /// - Parameters:
  ///   - position: How far a run that goes on has come in its timeline.
  ///   - signals: The requests to stop.
  /// - Returns: How the run ended.
  /// - Throws: What keeps it from being started.
  func play(from position: Timeline.Position, stoppedBy signals: StopSignals) async throws
    -> ExitStatus
  {
    let programs = try Programs()
    let place = try MeetingPlace(for: scenario)
    defer { place.remove() }
    let tree = ProcessTree(
      scenario, nodes: nodes, alone: experiment.timeline.concerned, root: place.endpoint)
    // The second Ctrl-C waits for nobody: the children see the end of their input.
    signals.beforeEndingAtOnce { place.remove() }
    try makeRoom(forChildren: tree.nodes.count + tree.regions.count + 1)
    let run = try runToGoOnWith()
    let memory = remembers ? run.map { $0 + "/" + RunDirectory.memory } : nil
    let stage = try Stage(experiment, tree, at: place) { name, node throws(ChildProcessError) in
      try self.node(name, node, programs.hospitalNode, place, memory: memory)
    }
    defer { stage.close() }
    let arguments = coordinatorArguments(place, resuming: run)
    let supervision = Supervision(
      coordinator: {
        [program = programs.coordinator, isSilent] () throws(ChildProcessError) in
        .coordinator(program, arguments: arguments, tied: try ParentPipe(), isSilent: isSilent)
      },
      nodes: try stage.start(tree.nodes, at: position),
      regions: try tree.regions.map { try region($0, programs.coordinator, place) })
    return try await supervision.status(stoppedBy: signals, following: stage)
  }

  /// Whether hospitals keep something from round to round.
  private var remembers: Bool { scenario.algorithm.name.remembers }

  /// The directory of the run that coordinators go on with: also of one that has not begun, where more
  /// than one coordinator will lead it, or nodes will keep there what hospitals remember.
  private func runToGoOnWith() throws(RunFilesError) -> String? {
    guard output.resume == nil, experiment.timeline.restartsCoordinator || remembers else {
      return output.resume
    }
    return try RunDirectory(path: output.run, for: scenario).path
  }
}

// MARK: Limits

extension ProcessEngine {
  /// Files that a child takes here at most: both ends of two pipes, and what the system tells its end by.
  static let filesOfChild = 5
  /// Files beside those of children.
  static let filesBeside = 32

  /// Makes room for the pipes to all children.
  ///
  /// A coordinator inherits it, and needs less: a connection a node.
  private func makeRoom(forChildren count: Int) throws(ChildProcessError) {
    let needed = count * Self.filesOfChild + Self.filesBeside
    if let shortage = OpenFiles.makeRoom(for: needed) { throw .tooManyChildren(count, shortage) }
  }
}

// MARK: Command lines

extension ProcessEngine {
  private func coordinatorArguments(
    _ place: MeetingPlace, resuming run: String?
  ) -> [String] {
    ["--bind=\(place.endpoint)"]
      + (experiment.timeline.cues.isEmpty ? [] : ["--cues=\(place.cues)"])
      + (run.map { ["--resume=\($0)"] }
        ?? ["--scenario=\(place.scenario)"] + (output.run.map { ["--run=\($0)"] } ?? []))
      + (attended.map { ["--attendance=\($0)"] } ?? [])
      + (output.quiet ? ["--quiet"] : []) + (output.json ? ["--json"] : [])
  }

  private func region(
    _ region: ProcessTree.Region, _ program: String, _ place: MeetingPlace
  ) throws(ChildProcessError) -> Child {
    let arguments =
      [
        "--scenario=\(place.scenario)", "--bind=\(region.endpoint)", "--parent=\(region.parent)",
        "--quiet",
      ] + HospitalRange.shortened(region.hospitals).map { "--hospital=\($0)" }
    return .node(
      program, name: "region \(region.name)", arguments: arguments, tied: try ParentPipe())
  }

  private func node(
    _ name: String, _ node: ProcessTree.Node, _ program: String, _ place: MeetingPlace,
    memory: String?
  ) throws(ChildProcessError) -> Child {
    let isDisturbed = node.hospitals.contains(where: experiment.timeline.disturbed.contains)
    let endpoint = isDisturbed ? place.line(to: node.hospitals[0]) : node.endpoint
    let arguments =
      ["--scenario=\(place.scenario)", "--connect=\(endpoint)", "--quiet"]
      + (data.map { ["--data=\($0)"] } ?? []) + (memory.map { ["--memory=\($0)"] } ?? [])
      + HospitalRange.shortened(node.hospitals).map { "--hospital=\($0)" }
    return .node(program, name: name, arguments: arguments, tied: try ParentPipe())
  }
}
