import Dispatch
import Federation
import Reports
import Scenarios
import Synchronization
import Transports
import ZeroMQTransport

/// The lines between the coordinator and those hospitals whose messages do not always pass, and the
/// proxy that all of them go through.
final class Lines: Sendable {
  private let numbers: [String: Int]
  private let lines: Mutex<[Line]>
  private let interrupt: Interrupt
  private let over = DispatchSemaphore(value: 0)

  /// Starts the proxy, on a thread of its own, if the messages of any of these nodes need it.
  init(
    _ experiment: Experiment, of nodes: [ProcessTree.Node], at place: MeetingPlace
  ) throws(TransportError) {
    let nodes = nodes.filter { experiment.timeline.disturbed.contains($0.hospitals[0]) }
    let hospitals = nodes.map { $0.hospitals[0] }
    numbers = Dictionary(zip(hospitals, 0...), uniquingKeysWith: { first, _ in first })
    lines = Mutex(hospitals.map { Line(of: experiment, to: $0) })
    interrupt = try Interrupt()
    guard !hospitals.isEmpty else {
      over.signal()
      return
    }
    let routes = nodes.map {
      ZeroMQProxy.Route(from: place.line(to: $0.hospitals[0]), to: $0.endpoint)
    }
    detached { [self] in
      pass(routes, experiment.limits)
      over.signal()
    }
  }

  /// Takes in what is done to a hospital.
  func suffer(_ deed: Deed) {
    guard let number = numbers[deed.hospital] else { return }
    lines.withLock { $0[number].suffer(deed.kind) }
  }

  /// Ends the proxy, and returns when it has ended.
  func close() {
    interrupt.raise()
    over.wait()
    over.signal()
  }

  private func pass(_ routes: [ZeroMQProxy.Route], _ limits: Limits) {
    do {
      try ZeroMQProxy(routes, limits: limits, interrupt: interrupt) {
        line, direction in
        self.lines.withLock { $0[line].next(direction) }
      }.run()
    } catch {
      Notice.write("error: the proxy between hospitals and the coordinator has ended: \(error)")
    }
  }
}

/// Does blocking work on a thread of its own.
func detached(_ work: @escaping @Sendable () -> Void) {
  DispatchQueue(label: "consilium.blocking").async(execute: work)
}
