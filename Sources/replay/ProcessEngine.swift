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
  let nodes: Int
  let data: String?
  let output: OutputOptions

  init(_ scenario: Scenario, processes: Int?, data: String?, output: OutputOptions) {
    let hospitals = scenario.cohorts.hospitals.count
    self.scenario = scenario
    nodes = max(1, min(processes ?? Self.defaultNodes, hospitals))
    self.data = data
    self.output = output
  }

  /// Starts everything, and returns when nothing of it is left.
  func play(stoppedBy signals: StopSignals) async throws -> ExitStatus {
    let programs = try Programs()
    let place = try MeetingPlace(for: scenario)
    defer { place.remove() }
    // The second Ctrl-C waits for nobody: the children see the end of their input.
    signals.beforeEndingAtOnce { place.remove() }
    let tree = ProcessTree(scenario, nodes: nodes, root: place.endpoint)
    let (count, regions) = (tree.nodes.count, tree.regions.count)
    try makeRoom(forChildren: count + regions + 1)
    let pipes = try (0...count + regions).map { _ throws(ChildProcessError) in try ParentPipe() }
    let supervision = Supervision(
      coordinator: .coordinator(
        programs.coordinator, arguments: coordinatorArguments(place), tied: pipes[count]),
      nodes: (0..<count).map { node($0, tree, programs.hospitalNode, place, pipes[$0]) },
      regions: (0..<regions).map {
        region(tree.regions[$0], programs.coordinator, place, pipes[count + 1 + $0])
      })
    return await supervision.status(stoppedBy: signals)
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
  private func coordinatorArguments(_ place: MeetingPlace) -> [String] {
    ["--bind=\(place.endpoint)"]
      + (output.resume.map { ["--resume=\($0)"] } ?? ["--scenario=\(place.scenario)"])
      + (output.run.map { ["--run=\($0)"] } ?? [])
      + (output.quiet ? ["--quiet"] : []) + (output.json ? ["--json"] : [])
  }

  private func region(
    _ region: ProcessTree.Region, _ program: String, _ place: MeetingPlace, _ pipe: ParentPipe
  ) -> Child {
    let arguments =
      [
        "--scenario=\(place.scenario)", "--bind=\(region.endpoint)", "--parent=\(region.parent)",
        "--quiet",
      ] + HospitalRange.shortened(region.hospitals).map { "--hospital=\($0)" }
    return .node(program, name: "region \(region.name)", arguments: arguments, tied: pipe)
  }

  private func node(
    _ index: Int, _ tree: ProcessTree, _ program: String, _ place: MeetingPlace, _ pipe: ParentPipe
  ) -> Child {
    let (endpoint, hospitals) = (tree.nodes[index].endpoint, tree.nodes[index].hospitals)
    let arguments =
      ["--scenario=\(place.scenario)", "--connect=\(endpoint)", "--quiet"]
      + (data.map { ["--data=\($0)"] } ?? [])
      + HospitalRange.shortened(hospitals).map { "--hospital=\($0)" }
    let shown = hospitals.prefix(3).joined(separator: ", ") + (hospitals.count > 3 ? " …" : "")
    return .node(program, name: "node \(index + 1) (\(shown))", arguments: arguments, tied: pipe)
  }
}
