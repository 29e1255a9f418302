import Reports
import Subprocess

/// Watches a coordinator, its nodes and regions until all have ended.
///
/// One of them that dies is announced, and the run goes on by its quorum. When the coordinator ends, they
/// have some seconds to leave by themselves; then they are ended. When all nodes have failed there is
/// nobody to wait for, and the coordinator is interrupted.
struct Supervision {
  /// Starts a coordinator; another one, once the timeline has ended the one before.
  let coordinator: @Sendable () throws(ChildProcessError) -> Child
  let nodes: [Child]
  /// The coordinators that stand below the first.
  let regions: [Child]

  init(
    coordinator: @escaping @Sendable () throws(ChildProcessError) -> Child, nodes: [Child],
    regions: [Child] = []
  ) {
    self.coordinator = coordinator
    self.nodes = nodes
    self.regions = regions
  }

  /// Nodes first, then regions.
  private var followers: [Child] { nodes + regions }

  /// Something that one of the tasks of supervision waited for.
  private enum Happening {
    case coordinatorEnded(ChildEnding, life: Int)
    case nodeEnded(Int, ChildEnding)
    case stopRequested
    case graceOver
    case watchOver
    case cueGiven(Int)
  }

  /// The status that the whole run ends with; returns when all processes have been reaped.
  ///
  /// What the coordinator gives a cue for is done by `stage`.
  ///
  /// - Throws: What keeps the coordinator from being started.
  func status(
    stoppedBy signals: StopSignals, following stage: Stage
  ) async throws(ChildProcessError) -> ExitStatus {
    let coordinator = try self.coordinator()
    return await withTaskGroup(of: Happening.self) { group in
      watch(coordinator, life: 1, in: &group)
      for (index, node) in followers.enumerated() {
        watch(index, node, in: &group)
      }
      watch(stage, in: &group)
      group.addTask {
        for await _ in signals.first {}
        return signals.isRaised ? .stopRequested : .watchOver
      }
      return await follow(coordinator, &group, stoppedBy: signals, stage)
    }
  }

  private func watch(
    _ coordinator: Child, life: Int, in group: inout TaskGroup<Happening>
  ) {
    group.addTask { .coordinatorEnded(await coordinator.ending, life: life) }
  }

  private func watch(_ index: Int, _ node: Child, in group: inout TaskGroup<Happening>) {
    group.addTask { .nodeEnded(index, await node.ending) }
  }

  private func watch(_ stage: Stage, in group: inout TaskGroup<Happening>) {
    let cues = stage.cues
    group.addTask {
      for await number in cues { return .cueGiven(number) }
      return .watchOver
    }
  }

  private func follow(
    _ first: Child, _ group: inout TaskGroup<Happening>, stoppedBy signals: StopSignals,
    _ stage: Stage
  ) async -> ExitStatus {
    var coordinator = first
    var life = 1
    var lead: ChildEnding?
    // What the timeline starts comes after the others.
    var followers = followers
    var nodes = Set(nodes.indices)
    var ended: [Int: ChildEnding] = [:]
    var overdue: Set<Int> = []
    var isInVain = false
    while lead == nil || ended.count < followers.count, let happening = await group.next() {
      switch happening {
      // The timeline has ended those before.
      case .coordinatorEnded(_, let earlier) where earlier < life: break
      case .coordinatorEnded(let ending, _):
        lead = ending
        await stage.clear(followers)
        group.addTask { await wait(for: ProcessEngine.grace) }
      case .nodeEnded(let index, let ending):
        ended[index] = ending
        // What the timeline ends has not failed.
        if stage.hasEnded(index) { overdue.insert(index) }
        if lead == nil, !overdue.contains(index) { announce(ending, of: followers[index]) }
        if lead == nil, haveAllFailed(ended, among: nodes.subtracting(overdue)) {
          isInVain = true
          coordinator.end()
        }
      case .cueGiven(let number) where stage.asksForRestart(number):
        if let successor = await successor(of: coordinator) {
          (coordinator, life) = (successor, life + 1)
          watch(coordinator, life: life, in: &group)
        }
        watch(stage, in: &group)
      case .cueGiven(let number):
        let known = followers.count
        await stage.act(number, nodes: &followers)
        for index in known..<followers.count {
          nodes.insert(index)
          watch(index, followers[index], in: &group)
        }
        watch(stage, in: &group)
      case .stopRequested: coordinator.end()
      case .graceOver:
        overdue.formUnion(Set(followers.indices).subtracting(ended.keys))
        followers.forEach { $0.end() }
      case .watchOver: break
      }
    }
    group.cancelAll()
    // Whoever had to be ended has not failed.
    let failed = signals.isRaised ? [:] : ended.filter { !overdue.contains($0.key) }
    let status = verdict(
      isInVain ? nil : lead, of: coordinator.name, failed, among: nodes.subtracting(overdue))
    // A signal may have come before a program that was just starting could take it.
    return signals.isRaised && status == .childFailed ? .interrupted : status
  }

  /// The coordinator that takes the place of one that is killed; `nil` where that has ended by itself,
  /// or no other can be started.
  private func successor(of coordinator: Child) async -> Child? {
    guard await coordinator.send(.kill), case .killed = await coordinator.ending else { return nil }
    do {
      return try self.coordinator()
    } catch {
      Notice.write("error: the coordinator could not be started again: \(error)")
      return nil
    }
  }

  private func wait(for duration: Duration) async -> Happening {
    do { try await Task.sleep(for: duration) } catch { return .watchOver }
    return .graceOver
  }
}

// MARK: What became of them

extension Supervision {
  private func announce(_ ending: ChildEnding, of node: Child) {
    guard hasFailed(ending) else { return }
    Notice.write("\(node.name) \(ending.sentence); the run goes on if its quorum allows")
  }

  /// Whether a node ended of its own accord, and not because the coordinator had ended the run: one
  /// that has is about to end itself, and says why, however early its nodes are gone.
  private func hasFailed(_ ending: ChildEnding) -> Bool {
    ![.success, .interrupted, .refused].contains(ending.status)
  }

  private func haveAllFailed(_ ended: [Int: ChildEnding], among nodes: Set<Int>) -> Bool {
    !nodes.isEmpty && nodes.allSatisfy { ended[$0].map(hasFailed) ?? false }
  }

  /// The status of the run, from how the coordinator ended, and which nodes failed.
  ///
  /// A `lead` of nil is a coordinator that was ended because all nodes had failed: how it took that
  /// says nothing, as the signal may have come before it was ready for one.
  private func verdict(
    _ lead: ChildEnding?, of coordinator: String, _ failed: [Int: ChildEnding],
    among nodes: Set<Int>
  ) -> ExitStatus {
    // Nodes that all failed for one reason say more than the coordinator that waited for them.
    if lead?.status != .success, let cause = commonCause(of: failed, among: nodes) { return cause }
    guard let lead else { return .childFailed }
    guard case .exited(let code) = lead, ExitStatus(rawValue: code) != nil else {
      Notice.write("error: \(coordinator) \(lead.sentence)")
      return .childFailed
    }
    return lead.status
  }

  private func commonCause(
    of failed: [Int: ChildEnding], among nodes: Set<Int>
  ) -> ExitStatus? {
    let causes = Set(nodes.compactMap { failed[$0]?.status })
    return haveAllFailed(failed, among: nodes) && causes.count == 1 ? causes.first : nil
  }
}
