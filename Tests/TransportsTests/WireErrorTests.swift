import Testing
import Transports

@Suite("What is not a message")
struct WireErrorTests {
  @Test("A foreign version is told as such, whatever else the envelope holds")
  func foreignVersion() {
    let hello = Message.hello(Hello(version: 2, scenario: [1], hospitals: [""]))
    #expect(throws: WireError.foreignVersion(2)) {
      try Message.decoded(from: hello.encoded() + [Frame([1])])
    }
    // An envelope of a later version with fields that this one does not know: version 7,
    // field 99 (a string).
    #expect(throws: WireError.foreignVersion(7)) {
      try Message.decoded(from: [Frame([0x08, 0x07, 0x9A, 0x06, 0x01, 0x41])])
    }
  }

  @Test("Nothing, garbage and an envelope without a message are told apart")
  func envelopes() {
    #expect(throws: WireError.unreadableEnvelope) { try Message.decoded(from: []) }
    #expect(throws: WireError.unreadableEnvelope) {
      try Message.decoded(from: [Frame([0xFF, 0xFF, 0xFF])])
    }
    #expect(throws: WireError.foreignVersion(0)) { try Message.decoded(from: [Frame([])]) }
    #expect(throws: WireError.noKnownMessage) { try Message.decoded(from: [Frame([8, 1])]) }
  }

  @Test("Frames and tensors must agree in number")
  func frameCount() {
    let welcome = Message.welcome(Welcome(run: [UInt8](repeating: 0, count: 16)))
    #expect(throws: WireError.frameCount(found: 1, described: 0)) {
      try Message.decoded(from: welcome.encoded() + [Frame([])])
    }
    #expect(throws: WireError.frameCount(found: 0, described: 1)) {
      try Message.decoded(from: [assignment(shape: [1], bytes: 4).encoded()[0]])
    }
  }

  @Test("A frame must be as long as its type and shape say")
  func frameSize() {
    #expect(throws: WireError.frameSize(tensor: 0, found: 23, described: 24)) {
      try Message.decoded(from: assignment(shape: [2, 3], bytes: 23).encoded())
    }
  }

  @Test(
    "A shape whose product is beyond the limit, in any order, is rejected",
    arguments: [[Int.max], [1 << 32, 1 << 32], [0, 1 << 26, 2], [1 << 20, 1 << 20, 1 << 24]])
  func hugeShapes(shape: [Int]) throws {
    let error = try #require(throws: WireError.self) {
      try Message.decoded(from: assignment(shape: shape, bytes: 0).encoded())
    }
    guard case .tooMany("numbers in a tensor", let found, let accepted) = error else {
      Issue.record("another error: \(error)")
      return
    }
    #expect(found > accepted)
  }

  @Test("Every limit holds where it says, and one above it is refused")
  func limits() throws {
    var limits = Limits()
    limits.hospitals = 3
    limits.nameBytes = 5
    limits.tensors = 1
    limits.rank = 2
    limits.elements = 6
    let message = assignment(shape: [2, 3], bytes: 24, hospitals: ["abcde", "b", "c"])
    #expect(try Message.decoded(from: message.encoded(), limits: limits) == message)
    for tighter in Self.tightened(limits, envelope: message.encoded()[0].count) {
      #expect(throws: WireError.self) {
        try Message.decoded(from: message.encoded(), limits: tighter)
      }
    }
  }

  /// The limits with each of them one below what the message needs.
  private static func tightened(_ limits: Limits, envelope: Int) -> [Limits] {
    let fields: [(WritableKeyPath<Limits, Int>, Int)] = [
      (\.hospitals, 2), (\.nameBytes, 4), (\.tensors, 0), (\.rank, 1), (\.elements, 5),
      (\.envelopeBytes, envelope - 1),
    ]
    return fields.map { field, value in
      var tighter = limits
      tighter[keyPath: field] = value
      return tighter
    }
  }

  @Test(
    "Names must be printable and not empty", arguments: [nil, 0, 0x0A, 0x1B, 0x7F, 0x9B, 0x2028])
  func names(control: UInt32?) {
    var name = ""
    if let scalar = control.flatMap(Unicode.Scalar.init) { name = "a\(scalar)b" }
    #expect(throws: WireError.self) {
      try Message.decoded(from: assignment(shape: [], bytes: 4, hospitals: [name]).encoded())
    }
  }

  @Test("Identities and digests have one length", arguments: [0, 15, 17, 31, 33])
  func lengths(count: Int) {
    let bytes = [UInt8](repeating: 1, count: count)
    let hello = Hello(version: protocolVersion, scenario: bytes, hospitals: [])
    #expect(throws: WireError.self) { try Message.decoded(from: Message.hello(hello).encoded()) }
    #expect(throws: WireError.self) {
      try Message.decoded(from: Message.welcome(Welcome(run: bytes)).encoded())
    }
  }

  @Test("An error says what was found and what is accepted")
  func words() {
    let error = WireError.tooMany("hospitals", found: 20_000, accepted: 16_384)
    #expect(
      error.description == "A message with 20000 hospitals came; at most 16384 are accepted.")
    let foreign = "\(WireError.foreignVersion(9))"
    #expect(foreign.contains("version 9") && foreign.contains("version 1"))
  }

  private func assignment(
    shape: [Int], bytes: Int, hospitals: [String] = ["h1"]
  ) -> Message {
    let turn = Turn(run: [UInt8](repeating: 7, count: 16), phase: .learn, round: 1)
    let frame = Frame([UInt8](repeating: 0, count: bytes))
    let tensor = Tensor(meaning: "m", scalar: .float32, shape: shape, frame: frame)
    return .assignment(Assignment(turn: turn, hospitals: hospitals, tensors: [tensor]))
  }
}
