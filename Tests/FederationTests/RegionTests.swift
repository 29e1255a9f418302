import Federation
import Models
import Scenarios
import Testing
import Transports

/// A region alone on a stage: the test plays its parent and its nodes, and moves the clock.
private struct RegionRehearsal {
  let experiment: Experiment
  var region: Region
  var now = Instant.zero
  var told: [Message] = []
  var sent: [(message: Message, peer: Peer)] = []

  init(_ yaml: String = smallScenario) throws {
    experiment = Experiment(try Scenario.read(yaml, file: "small.yaml"))
    region = Region(experiment, hospitals: ["h1", "h2", "h3"])
    tell(.opened)
  }

  mutating func tell(_ event: Region.Event) {
    for effect in region.handle(event, at: now) {
      switch effect {
      case .tell(let message): told.append(message)
      case .send(let message, let peer): sent.append((message, peer))
      case .report: break
      }
    }
  }

  mutating func hello(_ hospitals: String..., from peer: Peer) {
    let hello = Hello(version: protocolVersion, scenario: experiment.digest, hospitals: hospitals)
    tell(.arrived(.hello(hello), from: peer))
  }

  /// All three hospitals say hello, each from a node of its own.
  mutating func assemble() {
    for number in 1...3 { hello("h\(number)", from: node(number)) }
  }

  mutating func assign(
    _ hospitals: [String], round: Int = 1, phase: Phase = .learn, patience: Int? = 1000
  ) {
    let turn = Turn(run: Rehearsal.run, phase: phase, round: round)
    let parameters = tensor("meta-parameters", floats: experiment.initialParameters())
    tell(
      .told(
        .assignment(
          Assignment(turn: turn, hospitals: hospitals, tensors: [parameters], patience: patience))))
  }

  mutating func answer(_ number: Int, round: Int = 1, scale: Float = 1) {
    tell(.arrived(.answer(contribution(number, round, scale)), from: node(number)))
  }

  /// A hospital's metrics come at an instant, in milliseconds.
  mutating func judge(_ number: Int, at milliseconds: Int64) {
    now = Instant(nanoseconds: milliseconds * 1_000_000)
    let (shots, contenders) = (
      experiment.scenario.evaluation.shots.count, experiment.contenders.count
    )
    let metrics = Tensor(
      meaning: "metrics", scalar: .float64, shape: [shots, contenders, 8],
      frame: Frame(doubles: Array(repeating: 1, count: shots * contenders * 8)))
    let answer = Answer(
      turn: Turn(run: Rehearsal.run, phase: .evaluate, round: 1), hospital: "h\(number)",
      outcome: .contribution(episodes: 2, tensors: [metrics]))
    tell(.arrived(.answer(answer), from: node(number)))
  }

  private func contribution(_ number: Int, _ round: Int, _ scale: Float) -> Answer {
    let gradient = [Float](
      repeating: scale * Float(number) / 3, count: experiment.network.parameterCount)
    return Answer(
      turn: Turn(run: Rehearsal.run, phase: .learn, round: round), hospital: "h\(number)",
      outcome: .contribution(
        episodes: 2,
        tensors: [
          tensor("losses", doubles: [1, 0.5]), tensor("meta-gradient-sum", floats: gradient),
        ]))
  }

  mutating func passDeadline() {
    guard let deadline = region.deadline else { return }
    now = deadline
    tell(.deadlinePassed)
  }

  var answers: [CombinedAnswer] {
    told.compactMap { if case .combinedAnswer(let answer) = $0 { answer } else { nil } }
  }

  var hellos: [[String]] {
    told.compactMap { if case .hello(let hello) = $0 { hello.hospitals } else { nil } }
  }

  func assignments(to peer: Peer) -> [Assignment] {
    sent.compactMap { message, receiver in
      if case .assignment(let assignment) = message, receiver == peer { assignment } else { nil }
    }
  }
}

@Suite("A region")
struct RegionTests {
  @Test("speaks for a hospital as soon as it comes, and for nobody before")
  func presence() throws {
    var stage = try RegionRehearsal()
    stage.passDeadline()
    #expect(stage.told.isEmpty)
    stage.hello("h2", from: node(2))
    stage.hello("h1", "h3", from: node(1))
    #expect(stage.hellos == [["h2"], ["h1", "h3"]])
    stage.passDeadline()
    #expect(stage.hellos.last == ["h1", "h2", "h3"])
  }

  @Test("welcomes nodes to the run of its parent, once it knows it")
  func welcome() throws {
    var stage = try RegionRehearsal()
    stage.hello("h1", from: node(1))
    #expect(stage.sent.isEmpty)
    stage.tell(.told(.welcome(Welcome(run: Rehearsal.run))))
    stage.hello("h2", from: node(2))
    #expect(
      stage.sent.map(\.message) == Array(repeating: .welcome(Welcome(run: Rehearsal.run)), count: 2)
    )
    #expect(stage.sent.map(\.peer) == [node(1), node(2)])
  }

  @Test("answers once, when the last of those asked has answered")
  func oneAnswer() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    stage.assign(["h1", "h3"])
    #expect(stage.assignments(to: node(2)).isEmpty)
    #expect(stage.assignments(to: node(3)).map(\.hospitals) == [["h3"]])
    stage.answer(3)
    #expect(stage.answers.isEmpty)
    stage.answer(1)
    stage.answer(1)
    #expect(stage.answers.map(\.hospitals) == [["h3", "h1"]])
    #expect(stage.answers.first?.episodes == 4)
    #expect(stage.answers.first?.tensors.map(\.scalar) == [.int64, .int64])
  }

  @Test("passes on what is left of its parent's patience, less a tenth, and answers by then")
  func patience() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    stage.assign(["h1", "h2"], patience: 1000)
    #expect(stage.assignments(to: node(1)).map(\.patience) == [900])
    stage.answer(2)
    stage.passDeadline()
    #expect(stage.now == Instant(nanoseconds: 900_000_000))
    #expect(stage.answers.map(\.hospitals) == [["h2"]])
    #expect(stage.answers.map(\.missing) == [["h1"]])
  }

  @Test("brings the answer of a late hospital in a second combined answer to the same turn")
  func late() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    stage.assign(["h1", "h2"])
    stage.answer(2)
    stage.passDeadline()
    stage.answer(1)
    #expect(stage.hellos.last == ["h1"])
    #expect(stage.answers.map(\.hospitals) == [["h2"], ["h1"]])
    stage.answer(1)
    #expect(stage.answers.count == 2)
  }

  @Test("tells at once of a hospital that nobody serves, or whose node leaves")
  func absent() throws {
    var stage = try RegionRehearsal()
    stage.hello("h1", from: node(1))
    stage.hello("h2", from: node(2))
    stage.assign(["h1", "h2", "h3"])
    stage.answer(1)
    stage.tell(.arrived(.farewell(Farewell(code: .interrupted, reason: "")), from: node(2)))
    #expect(stage.answers.map(\.hospitals) == [["h1"]])
    #expect(stage.answers.map(\.missing) == [["h2", "h3"]])
  }

  @Test("waits in an evaluation as long as answers come, and lets its parent hear of them")
  func evaluation() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    stage.assign(["h1", "h2", "h3"], phase: .evaluate, patience: 1000)
    stage.judge(1, at: 100)
    #expect(stage.answers.isEmpty)
    stage.passDeadline()
    #expect(stage.now == Instant(nanoseconds: 250_000_000))
    #expect(stage.answers.map(\.hospitals) == [["h1"]])
    stage.judge(2, at: 990)
    #expect(stage.answers.map(\.hospitals) == [["h1"], ["h2"]])
    stage.judge(3, at: 1850)
    #expect(stage.answers.map(\.hospitals) == [["h1"], ["h2"], ["h3"]])
    #expect(stage.answers.map(\.missing) == [[], [], []])
  }

  @Test("asked again for the same turn, asks its nodes again and answers for those alone")
  func askedAgain() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    stage.assign(["h1", "h2", "h3"])
    for number in 1...3 { stage.answer(number) }
    stage.assign(["h2", "h3"])
    #expect(stage.assignments(to: node(1)).count == 1)
    #expect(stage.assignments(to: node(2)).count == 2)
    for number in 2...3 { stage.answer(number) }
    #expect(stage.answers.map(\.hospitals) == [["h1", "h2", "h3"], ["h2", "h3"]])
  }

  @Test("forgets a turn when the next one is asked for")
  func nextTurn() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    stage.assign(["h1", "h2"], round: 1)
    stage.answer(1, round: 1)
    stage.assign(["h1", "h2"], round: 2)
    stage.answer(2, round: 1)
    for number in 1...2 { stage.answer(number, round: 2) }
    #expect(stage.answers.map(\.turn.round) == [2])
    #expect(stage.answers.map(\.episodes) == [4])
  }

  @Test("counts an unfit answer as declined, and says that learning has gone astray where it has")
  func unfit() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    stage.assign(["h1", "h2"])
    stage.answer(1, scale: .infinity)
    stage.answer(2)
    #expect(stage.answers.first?.hospitals == ["h2"])
    #expect(stage.answers.first?.declined.map(\.hospital) == ["h1"])
    #expect(stage.answers.first?.declined.map(\.diverged) == [true])
  }

  @Test("refuses nodes of another scenario and of hospitals that are not its own")
  func refusals() throws {
    var stage = try RegionRehearsal()
    stage.hello("h4", from: node(4))
    let foreign = Hello(
      version: protocolVersion, scenario: Array(repeating: 0, count: 32), hospitals: ["h1"])
    stage.tell(.arrived(.hello(foreign), from: node(5)))
    stage.tell(.malformed(.foreignVersion(9), from: node(6)))
    let codes = stage.sent.compactMap { message, _ in
      if case .refused(let refusal) = message { refusal.code } else { nil }
    }
    #expect(codes == [.unknownHospital, .scenario, .version])
    #expect(stage.told.isEmpty)
  }

  @Test("passes the end of the run on to its nodes")
  func farewell() throws {
    var stage = try RegionRehearsal()
    stage.assemble()
    let farewell = Farewell(code: .failed, reason: "too few")
    stage.tell(.told(.farewell(farewell)))
    #expect(stage.region.ending == .runFailed(reason: "too few"))
    #expect(stage.sent.map(\.message) == Array(repeating: .farewell(farewell), count: 3))
    #expect(stage.region.deadline == nil)
  }

  @Test("that is refused or interrupted leaves no node waiting for it")
  func leaving() throws {
    for event in [
      Region.Event.interrupted,
      .told(.refused(Refusal(code: .scenario, reason: "another scenario"))),
    ] {
      var stage = try RegionRehearsal()
      stage.assemble()
      stage.tell(event)
      #expect(stage.region.ending != nil)
      let farewells = stage.sent.filter { if case .farewell = $0.message { true } else { false } }
      #expect(farewells.count == 3)
    }
  }
}

@Suite("The coordinator and combined answers")
struct CombinedAnswerTests {
  /// What a region of `numbers` sends about round 1, made by a region.
  private func combined(_ numbers: [Int]) throws -> CombinedAnswer {
    let rehearsal = try Rehearsal()
    var region = Region(rehearsal.experiment, hospitals: numbers.map { "h\($0)" })
    let hello = Hello(
      version: protocolVersion, scenario: rehearsal.experiment.digest,
      hospitals: numbers.map { "h\($0)" })
    let turn = Turn(run: Rehearsal.run, phase: .learn, round: 1)
    var effects = region.handle(.arrived(.hello(hello), from: node(9)), at: .zero)
    let assignment = Assignment(turn: turn, hospitals: hello.hospitals, tensors: [])
    effects += region.handle(.told(.assignment(assignment)), at: .zero)
    for number in numbers {
      let answer = rehearsal.contribution(number, round: 1)
      effects += region.handle(.arrived(.answer(answer), from: node(9)), at: .zero)
    }
    let answers = effects.compactMap { effect in
      if case .tell(.combinedAnswer(let answer)) = effect { answer } else { nil }
    }
    return try #require(answers.first)
  }

  private func assembled() throws -> Rehearsal {
    var rehearsal = try Rehearsal()
    rehearsal.hello("h1", "h2", "h3", from: node(7))
    rehearsal.hello("h4", from: node(4))
    return rehearsal
  }

  private func send(_ answer: CombinedAnswer, to rehearsal: inout Rehearsal, from peer: Int = 7) {
    rehearsal.tell(.arrived(.combinedAnswer(answer), from: node(peer)))
  }

  @Test("one answer for all has the bits of one from each, and counts once")
  func sameBits() throws {
    var flat = try Rehearsal()
    flat.assemble()
    for number in 1...3 { flat.answer(number, round: 1) }
    for groups in [[[1, 2, 3]], [[3], [1, 2]], [[2, 3], [2, 3], [1]]] {
      var rehearsal = try assembled()
      for group in groups { send(try combined(group), to: &rehearsal) }
      #expect(rehearsal.rounds == flat.rounds)
    }
  }

  @Test("an answer that overlaps with what was counted is refused whole, and the rest asked for")
  func overlap() throws {
    var rehearsal = try assembled()
    send(try combined([1]), to: &rehearsal)
    send(try combined([1, 2, 3]), to: &rehearsal)
    #expect(rehearsal.rounds.isEmpty)
    #expect(
      rehearsal.assignments(to: node(7)).map(\.hospitals) == [["h1", "h2", "h3"], ["h2", "h3"]])
    send(try combined([2, 3]), to: &rehearsal)
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2", "h3"]])
  }

  @Test("an answer of a stranger, of another run or of another round changes nothing")
  func foreign() throws {
    var rehearsal = try assembled()
    let answer = try combined([1, 2, 3])
    send(answer, to: &rehearsal, from: 4)
    var other = answer
    other.turn.run = Array(repeating: 0, count: 16)
    send(other, to: &rehearsal)
    other = answer
    other.turn.round = 2
    send(other, to: &rehearsal)
    #expect(rehearsal.rounds.isEmpty)
    send(answer, to: &rehearsal)
    #expect(rehearsal.rounds.count == 1)
  }

  @Test("the missing are not waited for, and named as in the flat federation")
  func missing() throws {
    var rehearsal = try assembled()
    var answer = try combined([1, 2])
    answer.missing = ["h3"]
    send(answer, to: &rehearsal)
    #expect(rehearsal.rounds.map(\.missing) == [["h3"]])
    #expect(rehearsal.assignments(to: node(7)).last?.hospitals == ["h1", "h2"])
    rehearsal.hello("h3", from: node(7))
    #expect(rehearsal.assignments(to: node(7)).last?.hospitals == ["h3"])
  }

  @Test("sums that do not fit are declined for all whom they are over, and the run goes on")
  func unfit() throws {
    let sound = try combined([2, 3])
    let spoilt: [(inout CombinedAnswer) -> Void] = [
      { $0.tensors = [] }, { $0.tensors.removeLast() }, { $0.episodes = 3 },
      { $0.tensors[1].exponent = 75 - 149 }, { $0.tensors[1].exponent = 75 + 32 },
      { $0.tensors[1].shape = [1] }, { $0.tensors[1].scalar = .float64 },
      { answer in
        let count = answer.tensors[1].shape[1]
        answer.tensors[1].shape = [6, count]
        answer.tensors[1].frame = Frame(integers: Array(repeating: .max, count: 6 * count))
      },
    ]
    for spoil in spoilt {
      var rehearsal = try assembled()
      var answer = sound
      spoil(&answer)
      send(answer, to: &rehearsal)
      send(try combined([1]), to: &rehearsal)
      #expect(rehearsal.coordinator.ending?.reason.contains("h2 declined: ") == true)
      #expect(rehearsal.rounds.map(\.answered) == [["h1"]])
      #expect(rehearsal.rounds.map { $0.declined.map(\.hospital) } == [["h2", "h3"]])
    }
  }
}
