import Glibc
import Synchronization
import Testing
import Transports
import ZeroMQTransport

@Suite("Tensor frames over sockets")
struct TensorFrameTests {
  @Test("Ten megabytes arrive as they were, there and back", arguments: Route.allCases)
  func large(route: Route) throws {
    let hub = try ZeroMQHub(bind: route.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    try spoke.send(Samples.hello)
    let node = try peer(of: next(at: hub, with: spoke))
    let assignment = Message.assignment(
      Assignment(turn: Samples.turn, hospitals: ["h1"], tensors: [Samples.tensor(2_500_000)]))
    try hub.send(assignment, to: node)
    #expect(try next(at: spoke) == .message(assignment))
    let answer = Message.answer(
      Answer(
        turn: Samples.turn, hospital: "h1",
        outcome: .contribution(episodes: 1, tensors: [Samples.tensor(2_500_000)])))
    try spoke.send(answer)
    #expect(try next(at: hub, with: spoke) == .message(answer, from: node))
  }

  @Test("Frames of every size around the one from which they are not copied")
  func sizes() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    for count in [0, 1, 7, 8, 9, 2_047, 2_048, 2_049, 4_096, 20_000] {
      let answer = Message.answer(
        Answer(
          turn: Samples.turn, hospital: "h1",
          outcome: .contribution(
            episodes: count, tensors: [Samples.tensor(count), Samples.tensor(3)])))
      try spoke.send(answer)
      let arrival = try next(at: hub, with: spoke)
      #expect(arrival == .message(answer, from: try peer(of: arrival)))
    }
  }

  @Test("The owner of a sent frame is let go when the bytes are out, and not before")
  func ownership() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    let gone = Gone()
    try spoke.send(answer(owner: Owner(gone)))
    let arrival = try next(at: hub, with: spoke)
    #expect(arrival == .message(answer(owner: Owner(Gone())), from: try peer(of: arrival)))
    #expect(gone.comes(within: 20))
  }

  @Test("The owner of a frame for nobody is let go at once")
  func ownershipOfUndeliverable() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let gone = Gone()
    try hub.send(answer(owner: Owner(gone)), to: Peer(identity: [5, 5]))
    #expect(gone.comes(within: 20))
  }

  private func answer(owner: Owner) -> Message {
    let tensor = Tensor(
      meaning: "m", scalar: .float32, shape: [50_000], frame: Frame(storage: owner))
    return .answer(
      Answer(
        turn: Samples.turn, hospital: "h1",
        outcome: .contribution(episodes: 1, tensors: [tensor])))
  }
}

/// An owner of 200,000 bytes that tells when it goes.
@safe
private final class Owner: FrameStorage {
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let gone: Gone

  init(_ gone: Gone) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 200_000, alignment: 8)
    for index in memory.indices { unsafe memory[index] = UInt8(truncatingIfNeeded: index) }
    unsafe bytes = UnsafeRawBufferPointer(memory)
    self.gone = gone
  }

  deinit {
    unsafe bytes.deallocate()
    gone.come()
  }
}

/// Something that happens once, on any thread.
@safe
private final class Gone: Sendable {
  nonisolated(unsafe) private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe semaphore.initialize(to: sem_t())
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  func come() { unsafe sem_post(semaphore) }

  func comes(within seconds: Int) -> Bool {
    var end = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &end)
    end.tv_sec += seconds
    return unsafe sem_timedwait(semaphore, &end) == 0
  }
}
