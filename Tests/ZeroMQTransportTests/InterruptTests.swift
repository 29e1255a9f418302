import Glibc
import Testing
import Transports
import ZeroMQTransport

/// One after the other: a signal belongs to the whole process.
@Suite("Interrupts", .serialized)
struct InterruptTests {
  @Test("An interrupt is handed over once, before messages, at either end")
  func once() throws {
    let interrupt = try Interrupt()
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint(), interrupt: interrupt)
    let ownInterrupt = try Interrupt()
    let spoke = try ZeroMQSpoke(connect: hub.endpoint, interrupt: ownInterrupt)
    #expect(!interrupt.isRaised)
    interrupt.raise()
    ownInterrupt.raise()
    #expect(interrupt.isRaised)
    #expect(try hub.next(until: nil) == .interrupted)
    #expect(try spoke.next(until: nil) == .interrupted)
    #expect(interrupt.isRaised)
    #expect(try hub.next(until: hub.now) == nil)
    #expect(try spoke.next(until: spoke.now) == nil)
  }

  @Test("A wait without a deadline ends when another thread raises the interrupt")
  func whileWaiting() async throws {
    let interrupt = try Interrupt()
    let waiting = Task.detached {
      try ZeroMQHub(bind: Route.tcp.endpoint(), interrupt: interrupt).next(until: nil)
    }
    interrupt.raise()
    #expect(try await waiting.value == .interrupted)
  }

  @Test("A signal raises the interrupt, once; the next one would end the program")
  func signal() throws {
    let interrupt = try Interrupt()
    try interrupt.listen(to: [SIGUSR1, SIGUSR2])
    let hub = try ZeroMQHub(bind: Route.ipc.endpoint(), interrupt: interrupt)
    kill(getpid(), SIGUSR1)
    #expect(try hub.next(until: hub.now + patience) == .interrupted)
    #expect(isDefault(SIGUSR1))
    #expect(!isDefault(SIGUSR2))
    kill(getpid(), SIGUSR2)
    #expect(try hub.next(until: hub.now + patience) == .interrupted)
    #expect(isDefault(SIGUSR2))
  }

  @Test("A signal after the interrupt has gone hurts nobody")
  func orphan() throws {
    try Interrupt().listen(to: [SIGUSR1])
    kill(getpid(), SIGUSR1)
    #expect(!(try Interrupt().isRaised))
  }

  @Test("A user's signals are those of the terminal, also when it closes, and of a supervisor")
  func terminating() {
    #expect(Interrupt.terminating == [SIGINT, SIGTERM, SIGHUP])
  }

  private func isDefault(_ signal: Int32) -> Bool {
    var action = sigaction()
    _ = unsafe sigaction(signal, nil, &action)
    return unsafe action.__sigaction_handler.sa_handler == nil
  }
}
