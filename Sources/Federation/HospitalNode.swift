public import Transports

/// A node that speaks for one or more hospitals, as a state machine without input or output.
///
/// It says hello until it is welcomed, does the jobs of each assignment one after the other, and
/// says hello again whenever it has had nothing to do for a while: so it finds a coordinator that
/// was started later or again, and gets work again that was lost on the way. It keeps nothing
/// between jobs; equal jobs get equal answers.
public struct HospitalNode {
  /// What can happen to a node.
  public enum Event: Sendable {
    /// It begins.
    case started
    /// A message came in.
    case arrived(Message)
    /// The job that ``HospitalNode/nextJob()`` gave has been done.
    case performed(Answer)
    /// The present instant is past ``HospitalNode/deadline``.
    case deadlinePassed
    /// The user wants it to end.
    case interrupted
  }

  /// The pause between two hellos.
  public static let helloInterval = Duration.seconds(1)

  private let hello: Hello
  private let hospitals: Set<String>
  /// Whether learning for other hospitals goes on when some get newer meta-parameters.
  private let learnsApart: Bool
  /// What is asked for and has not been begun, in order.
  private var jobs: ArraySlice<Job> = []
  /// What has been begun.
  private var begun: Job?
  private var outgoing: [Message] = []
  /// When it wants to hear ``Event/deadlinePassed``, unless something else happens first.
  public private(set) var deadline: Instant?
  /// How it ended, once it has.
  public private(set) var ending: NodeEnding?

  /// A node for `hospitals`, of the scenario with this digest.
  ///
  /// - Parameters:
  ///   - hospitals: For whom it speaks.
  ///   - digest: The SHA-256 of the scenario.
  ///   - learnsApart: Whether each hospital is given work at its own time, so that an assignment
  ///     replaces what the hospitals named in it had to learn and nothing else.
  public init(hospitals: [String], scenario digest: [UInt8], learnsApart: Bool = false) {
    self.learnsApart = learnsApart
    hello = Hello(version: protocolVersion, scenario: digest, hospitals: hospitals)
    self.hospitals = Set(hospitals)
  }

  /// The messages to send to the coordinator because of `event`, in order.
  public mutating func handle(_ event: Event, at now: Instant) -> [Message] {
    outgoing.removeAll(keepingCapacity: true)
    guard ending == nil else { return [] }
    switch event {
    case .started: sayHello(at: now)
    case .arrived(let message): receive(message, at: now)
    case .performed(let answer): finish(answer, at: now)
    case .deadlinePassed: if let deadline, deadline <= now { sayHello(at: now) }
    case .interrupted: leave()
    }
    return outgoing
  }
}

extension HospitalNode {
  /// The job to be done now, if there is one and none has been begun; to be followed by
  /// ``Event/performed(_:)``.
  ///
  /// Whoever drives the node asks when no message waits: a newer assignment or a farewell makes the
  /// work needless that has not been begun.
  public mutating func nextJob() -> Job? {
    guard begun == nil, ending == nil else { return nil }
    begun = jobs.popFirst()
    return begun
  }

  private mutating func sayHello(at now: Instant) {
    deadline = now + Self.helloInterval
    if begun == nil && jobs.isEmpty { outgoing.append(.hello(hello)) }
  }

  private mutating func receive(_ message: Message, at now: Instant) {
    deadline = now + Self.helloInterval
    switch message {
    case .refused(let refusal): end(.refused(refusal))
    case .assignment(let assignment): take(assignment)
    case .farewell(let farewell): end(NodeEnding(farewell))
    // A welcome asks for nothing; what only nodes say says nothing to a node.
    case .welcome, .hello, .answer, .combinedAnswer: break
    }
  }

  private mutating func take(_ assignment: Assignment) {
    // What is still open of another turn is asked for no longer.
    jobs.removeAll { [learnsApart] job in
      job.turn != assignment.turn && !(learnsApart && job.isApart(from: assignment))
    }
    // An assignment may come twice: what is open of its turn already is not done twice.
    var open = Set(jobs.map(\.hospital))
    if let begun, begun.turn == assignment.turn { open.insert(begun.hospital) }
    let (counted, onsets) = (assignment.lastCounted, assignment.tensors.onsets)
    for (index, hospital) in assignment.hospitals.enumerated()
    where hospitals.contains(hospital) && open.insert(hospital).inserted {
      jobs.append(
        Job(
          turn: assignment.turn, hospital: hospital, tensors: assignment.tensors,
          lastCounted: counted?[index], onsets: onsets))
    }
  }

  private mutating func finish(_ answer: Answer, at now: Instant) {
    begun = nil
    deadline = now + Self.helloInterval
    outgoing.append(.answer(answer))
  }

  private mutating func leave() {
    let reason = "the node was interrupted"
    outgoing.append(.farewell(Farewell(code: .interrupted, reason: reason)))
    end(.interrupted)
  }

  private mutating func end(_ ending: NodeEnding) {
    self.ending = ending
    jobs = []
    deadline = nil
  }
}

extension Assignment {
  /// The last round in which each of its hospitals was counted, where it says so as it should.
  fileprivate var lastCounted: [Int]? {
    guard tensors.contains(where: { $0.meaning == Meaning.lastCounted }) else { return nil }
    let numbers = try? tensors.doubles(Meaning.lastCounted, shape: [hospitals.count])
    let rounds = numbers?.compactMap { Int(exactly: $0) }
    return rounds?.count == hospitals.count && rounds?.allSatisfy { $0 >= 0 } == true ? rounds : nil
  }
}

extension Job {
  /// Whether it is to learn for a hospital beside those that learn by `assignment`.
  fileprivate func isApart(from assignment: Assignment) -> Bool {
    turn.phase == .learn && assignment.turn.phase == .learn && turn.run == assignment.turn.run
      && !assignment.hospitals.contains(hospital)
  }
}

/// How a node ended.
public enum NodeEnding: Equatable, Sendable {
  /// The coordinator said that the run is over.
  case finished
  /// The user interrupted the node, or the whole run.
  case interrupted
  /// The coordinator said that the run failed, and why.
  case runFailed(reason: String)
  /// The coordinator does not accept the node, and why.
  case refused(Refusal)

  init(_ farewell: Farewell) {
    switch farewell.code {
    case .finished: self = .finished
    case .interrupted: self = .interrupted
    case .failed: self = .runFailed(reason: farewell.reason)
    }
  }
}
