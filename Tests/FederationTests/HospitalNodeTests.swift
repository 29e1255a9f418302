import Federation
import Testing
import Transports

@Suite("A hospital node")
struct HospitalNodeTests {
  private let digest = [UInt8](repeating: 1, count: 32)
  private let run = [UInt8](repeating: 7, count: 16)

  @Test("says hello until it is heard, and again whenever it has nothing to do")
  func hello() throws {
    var node = HospitalNode(hospitals: ["h1"], scenario: digest)
    var now = Instant.zero
    #expect(hellos(node.handle(.started, at: now)) == 1)
    for _ in 0..<5 {
      now = try #require(node.deadline)
      #expect(hellos(node.handle(.deadlinePassed, at: now)) == 1)
    }
    #expect(hellos(node.handle(.arrived(.welcome(Welcome(run: run))), at: now)) == 0)
    now = try #require(node.deadline)
    #expect(hellos(node.handle(.deadlinePassed, at: now)) == 1)
  }

  @Test("gives one job at a time and answers each")
  func jobs() throws {
    var node = HospitalNode(hospitals: ["h1", "h2"], scenario: digest)
    _ = node.handle(.started, at: .zero)
    _ = node.handle(.arrived(.assignment(assignment(1, ["h1", "h2"]))), at: .zero)
    let first = try job(of: &node)
    #expect(first.hospital == "h1")
    let idle = isIdle(&node)
    #expect(idle)
    let sent = node.handle(.performed(answer(to: first)), at: .zero)
    #expect(sent == [.answer(answer(to: first))])
    let second = try job(of: &node)
    #expect(second.hospital == "h2")
  }

  @Test("drops what is asked for no longer, also before it has begun anything")
  func superseded() throws {
    var node = HospitalNode(hospitals: ["h1", "h2"], scenario: digest)
    _ = node.handle(.arrived(.assignment(assignment(1, ["h1", "h2"]))), at: .zero)
    _ = node.handle(.arrived(.assignment(assignment(2, ["h2"]))), at: .zero)
    let next = try job(of: &node)
    #expect(next.turn.round == 2)
    _ = node.handle(.performed(answer(to: next)), at: .zero)
    let idle = isIdle(&node)
    #expect(idle)
  }

  @Test("does once what it is asked for twice, begun or not")
  func repeated() throws {
    var node = HospitalNode(hospitals: ["h1", "h2"], scenario: digest)
    _ = node.handle(.arrived(.assignment(assignment(1, ["h1", "h2", "h1"]))), at: .zero)
    let first = try job(of: &node)
    _ = node.handle(.arrived(.assignment(assignment(1, ["h1", "h2"]))), at: .zero)
    _ = node.handle(.performed(answer(to: first)), at: .zero)
    let second = try job(of: &node)
    #expect(second.hospital == "h2")
    _ = node.handle(.performed(answer(to: second)), at: .zero)
    let idle = isIdle(&node)
    #expect(idle)
  }

  @Test("does nothing for a hospital that it does not serve")
  func foreignHospital() {
    var node = HospitalNode(hospitals: ["h1"], scenario: digest)
    _ = node.handle(.arrived(.assignment(assignment(1, ["h2"]))), at: .zero)
    let idle = isIdle(&node)
    #expect(idle)
  }

  @Test("ends when it is refused, when the run is over, and when it is interrupted")
  func endings() {
    let refusal = Refusal(code: .scenario, reason: "another scenario")
    #expect(ending(after: .arrived(.refused(refusal))) == .refused(refusal))
    let finished = Farewell(code: .finished, reason: "done")
    #expect(ending(after: .arrived(.farewell(finished))) == .finished)
    let failed = Farewell(code: .failed, reason: "disk full")
    #expect(ending(after: .arrived(.farewell(failed))) == .runFailed(reason: "disk full"))
    #expect(ending(after: .interrupted) == .interrupted)
  }

  private func ending(after event: HospitalNode.Event) -> NodeEnding? {
    var node = HospitalNode(hospitals: ["h1"], scenario: digest)
    _ = node.handle(.started, at: .zero)
    _ = node.handle(event, at: .zero)
    return node.ending
  }

  private func assignment(_ round: Int, _ hospitals: [String]) -> Assignment {
    Assignment(turn: Turn(run: run, phase: .learn, round: round), hospitals: hospitals, tensors: [])
  }

  private func answer(to job: Job) -> Answer {
    Answer(turn: job.turn, hospital: job.hospital, outcome: .declined(reason: "no patients"))
  }

  private func hellos(_ messages: [Message]) -> Int {
    messages.filter { if case .hello = $0 { true } else { false } }.count
  }

  private func job(of node: inout HospitalNode) throws -> Job {
    let job = node.nextJob()
    return try #require(job)
  }

  /// Whether the node has nothing to be done now.
  private func isIdle(_ node: inout HospitalNode) -> Bool { node.nextJob() == nil }
}
