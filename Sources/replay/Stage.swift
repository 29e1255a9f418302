import Federation
import Options
import Reports
import Scenarios
import Subprocess
import Synchronization

/// Acts out a timeline on real processes: by signals to nodes and to the coordinator, by starting them,
/// and by a proxy that stands between the coordinator and those nodes whose messages do not always pass.
final class Stage {
  /// Starts a node under this name.
  typealias Launch = (_ name: String, _ node: ProcessTree.Node) throws(ChildProcessError) -> Child

  /// The numbers of the cues that the coordinator gives.
  let cues: AsyncStream<Int>

  private let timeline: Timeline
  private let launch: Launch
  private let taker: CueTaker
  private let lines: Lines
  /// What the node of each hospital that has one of its own is started as.
  private let alone: [String: ProcessTree.Node]
  /// The node of each of them.
  private var nodes: [String: Int] = [:]
  /// The nodes that stand still.
  private var paused: Set<Int> = []
  /// The nodes that were ended as the timeline says.
  private var gone: Set<Int> = []
  /// The cues that have been acted out: a coordinator may ask twice.
  private var done: Set<Int> = []
  /// The cues that the coordinator has been restarted for.
  private var restarts: Set<Int> = []

  /// Opens the stage of an experiment; nothing has happened yet.
  init(
    _ experiment: Experiment, _ tree: ProcessTree, at place: MeetingPlace, launch: @escaping Launch
  ) throws {
    timeline = experiment.timeline
    let concerned = tree.nodes.filter { experiment.timeline.concerned.contains($0.hospitals[0]) }
    alone = Dictionary(
      concerned.map { ($0.hospitals[0], $0) }, uniquingKeysWith: { first, _ in first })
    self.launch = launch
    guard let taker = CueTaker(path: place.cues) else {
      throw ChildProcessError.noPipe(reason: "named pipes cannot be made at \(place.cues)")
    }
    self.taker = taker
    cues = AsyncStream { continuation in
      detached {
        while let number = taker.next() { continuation.yield(number) }
        continuation.finish()
      }
    }
    lines = try Lines(experiment, of: concerned, at: place)
  }

  /// Ends what the stage itself has going.
  func close() {
    taker.end()
    lines.close()
  }
}

// MARK: Nodes

extension Stage {
  /// Starts all nodes that run at `position` of the timeline, and brings their lines to where they are.
  func start(
    _ nodes: [ProcessTree.Node], at position: Timeline.Position
  ) throws(ChildProcessError) -> [Child] {
    for deed in timeline.cues(until: position).flatMap(\.deeds) { lines.suffer(deed) }
    let stopped = timeline.stopped(at: position)
    var children: [Child] = []
    for node in nodes where !stopped.contains(node.hospitals[0]) {
      try start(node, among: &children)
    }
    return children
  }

  private func start(
    _ node: ProcessTree.Node, among children: inout [Child]
  ) throws(ChildProcessError) {
    let hospitals = node.hospitals
    let shown = hospitals.prefix(3).joined(separator: ", ") + (hospitals.count > 3 ? " …" : "")
    let name = "node \(children.count + 1) (\(shown))"
    if timeline.concerned.contains(hospitals[0]) { nodes[hospitals[0]] = children.count }
    children.append(try launch(name, node))
  }

  /// Whether the timeline has ended the node of this number.
  func hasEnded(_ index: Int) -> Bool { gone.contains(index) }

  /// Ends the nodes that stand still: they would hear no farewell.
  func clear(_ children: [Child]) async {
    for index in paused {
      gone.insert(index)
      _ = await children[index].send(.kill)
    }
  }
}

// MARK: Acting

extension Stage {
  /// Whether the cue of this number asks for a restart of the coordinator, once: the successor gives
  /// the cue again, and then the rest of it is done.
  func asksForRestart(_ number: Int) -> Bool {
    timeline.cues.indices.contains(number) && timeline.cues[number].restartsCoordinator
      && restarts.insert(number).inserted
  }

  /// Does what the cue of this number says, and tells the coordinator.
  func act(_ number: Int, nodes children: inout [Child]) async {
    if timeline.cues.indices.contains(number), done.insert(number).inserted {
      for deed in timeline.cues[number].deeds { await act(deed, &children) }
    }
    taker.reply(number)
  }

  private func act(_ deed: Deed, _ children: inout [Child]) async {
    lines.suffer(deed)
    guard case .plain(let act) = deed.kind else { return }
    switch act {
    case .kill: await end(deed.hospital, by: .kill, children)
    case .leave: await end(deed.hospital, by: .terminate, children)
    case .pause: await pause(deed.hospital, children)
    case .resume where nodes[deed.hospital] != nil: await resume(deed.hospital, children)
    // In a run that goes on, the node that stood still is not there any longer.
    case .resume: restart(deed.hospital, &children)
    case .start, .join: restart(deed.hospital, &children)
    case .cut, .reconnect, .calm: break
    }
  }

  private func end(_ hospital: String, by signal: Signal, _ children: [Child]) async {
    guard let index = nodes[hospital] else { return }
    gone.insert(index)
    paused.remove(index)
    if await children[index].send(signal), signal == .kill { _ = await children[index].ending }
  }

  private func pause(_ hospital: String, _ children: [Child]) async {
    guard let index = nodes[hospital], await children[index].send(.suspend) else { return }
    paused.insert(index)
  }

  private func resume(_ hospital: String, _ children: [Child]) async {
    guard let index = nodes[hospital], await children[index].send(.resume) else { return }
    paused.remove(index)
  }

  private func restart(_ hospital: String, _ children: inout [Child]) {
    guard let node = alone[hospital] else { return }
    do {
      try start(node, among: &children)
    } catch {
      Notice.write("the node of \(hospital) could not be started: \(error)")
    }
  }
}
