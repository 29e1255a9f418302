import Foundation
import Testing
import Transports
import ZeroMQTransport

/// The time after which a test gives up on something that must come.
let patience = Duration.seconds(20)

/// How two ends find each other.
enum Route: CaseIterable {
  case tcp
  case ipc

  /// An endpoint that nobody else binds.
  func endpoint() throws -> String {
    switch self {
    case .tcp: "tcp://127.0.0.1:*"
    case .ipc: "ipc://\(try temporaryDirectory())/wire"
    }
  }
}

/// A new directory, short enough for a socket's path.
func temporaryDirectory() throws -> String {
  let name = "wire-" + String(UInt64.random(in: .min ... .max), radix: 36)
  let directory = FileManager.default.temporaryDirectory.appending(path: name)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
  return directory.path
}

/// The next arrival at the hub, while the spokes send what they have kept.
func next(at hub: ZeroMQHub, with spokes: ZeroMQSpoke...) throws -> Arrival {
  let end = hub.now + patience
  while hub.now < end {
    if let arrival = try hub.next(until: hub.now + .milliseconds(5)) { return arrival }
    for spoke in spokes {
      let early = try spoke.next(until: spoke.now)
      #expect(early == nil, "nothing was sent to this spoke")
    }
  }
  Issue.record("nothing came to the hub")
  throw TransportError.closed
}

/// The next arrival at the spoke.
func next(at spoke: ZeroMQSpoke) throws -> NodeArrival {
  try #require(try spoke.next(until: spoke.now + patience), "nothing came to the spoke")
}

/// The peer from which a message came.
func peer(of arrival: Arrival) throws -> Peer {
  switch arrival {
  case .message(_, let peer), .malformed(_, let peer): return peer
  case .interrupted: throw TransportError.closed
  }
}

/// A hub at an endpoint that a hub of this process has just left: its port is free a moment later.
func hub(boundAgain endpoint: String, while spoke: ZeroMQSpoke) throws -> ZeroMQHub {
  let end = spoke.now + patience
  while true {
    do throws(TransportError) {
      return try ZeroMQHub(bind: endpoint)
    } catch {
      guard case .endpointInUse = error, spoke.now < end else { throw error }
      _ = try spoke.next(until: spoke.now + .milliseconds(5))
    }
  }
}

/// One message of each kind, with one small tensor and one of many pages.
enum Samples {
  static let run = [UInt8](repeating: 3, count: 16)
  static let turn = Turn(run: run, phase: .learn, round: 12)
  static let hello = Message.hello(
    Hello(version: protocolVersion, scenario: [UInt8](repeating: 9, count: 32), hospitals: ["h1"]))
  static let welcome = Message.welcome(Welcome(run: run))
  static let refused = Message.refused(Refusal(code: .scenario, reason: "another scenario"))
  static let assignment = Message.assignment(
    Assignment(turn: turn, hospitals: ["h1", "h2"], tensors: [tensor(5_186)]))
  static let answer = Message.answer(
    Answer(
      turn: turn, hospital: "h1",
      outcome: .contribution(episodes: 8, tensors: [tensor(5_186), tensor(2)])))
  static let farewell = Message.farewell(Farewell(code: .finished, reason: "all rounds learnt"))

  static func tensor(_ count: Int) -> Tensor {
    let numbers = (0..<count).map { Float($0) * 0.37 }
    return Tensor(
      meaning: "meta-gradient-sum", scalar: .float32, shape: [count], frame: Frame(floats: numbers))
  }
}
