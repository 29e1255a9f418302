import Testing
import Transports

@Suite("Messages on the wire")
struct MessageTests {
  @Test("Every message comes out as it went in", arguments: 0..<20)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    for _ in 0..<200 {
      let message = random.message()
      #expect(try Message.decoded(from: message.encoded()) == message)
    }
  }

  @Test("The bytes of an envelope are those of protoc")
  func recordedBytes() throws {
    // printf 'version: 1 farewell { code: CODE_FAILED reason: "quorum" }' |
    //   protoc --encode=consilium.Envelope consilium.proto | xxd -p
    let recorded: [UInt8] = [
      0x08, 0x01, 0x3A, 0x0A, 0x08, 0x03, 0x12, 0x06, 0x71, 0x75, 0x6F, 0x72, 0x75, 0x6D,
    ]
    let farewell = Message.farewell(Farewell(code: .failed, reason: "quorum"))
    #expect(farewell.encoded() == [Frame(recorded)])
    #expect(try Message.decoded(from: [Frame(recorded)]) == farewell)
  }

  @Test("A tensor's frame is sent and received uncopied")
  func uncopied() throws {
    let frame = Frame(floats: [1, 2, 3])
    let tensor = Tensor(meaning: "m", scalar: .float32, shape: [3], frame: frame)
    var random = SplitMix(seed: 1)
    let message = Message.assignment(
      Assignment(turn: random.turn(), hospitals: ["a"], tensors: [tensor]))
    let frames = message.encoded()
    #expect(frames[1].storage === frame.storage)
    guard case .assignment(let received) = try Message.decoded(from: frames) else {
      Issue.record("an assignment went in, something else came out")
      return
    }
    #expect(received.tensors[0].frame.storage === frame.storage)
  }

  @Test("A reason is cut to the limit and loses its control characters")
  func reasons() throws {
    let long = "line\nline\u{1B}[31m" + String(repeating: "é", count: 5_000)
    let farewell = Message.farewell(Farewell(code: .failed, reason: long))
    guard case .farewell(let received) = try Message.decoded(from: farewell.encoded()) else {
      Issue.record("a farewell went in, something else came out")
      return
    }
    #expect(received.reason.hasPrefix("line line [31mé"))
    #expect(received.reason.utf8.count == Limits.standard.reasonBytes)
  }
}
