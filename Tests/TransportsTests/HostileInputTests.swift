import Testing
import Transports

/// Whatever comes, decoding ends with a message or with an error: it never stops the process.
@Suite("Hostile input")
struct HostileInputTests {
  @Test("Messages with bits flipped, frames cut and frames swapped", arguments: 0..<20)
  func damaged(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<500 {
      let frames = random.message().encoded()
      for _ in 0..<10 {
        expectVerdict(on: random.damaged(frames))
      }
    }
  }

  @Test("Random bytes", arguments: 0..<10)
  func garbage(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<1_000 {
      let count = Int.random(in: 0..<4, using: &random)
      expectVerdict(
        on: (0..<count).map { _ in Frame(random.bytes(Int.random(in: 0..<60, using: &random))) })
    }
  }

  @Test("Every truncation of an envelope")
  func truncated() {
    var random = SplitMix(seed: 1)
    for _ in 0..<200 {
      let frames = random.message().encoded()
      let envelope = frames[0].bytes()
      for count in 0..<envelope.count {
        expectVerdict(on: [Frame(Array(envelope.prefix(count)))] + frames.dropFirst())
      }
    }
  }

  /// A message that is accepted must keep the contract: it survives another journey unchanged.
  private func expectVerdict(on frames: [Frame]) {
    do throws(WireError) {
      let message = try Message.decoded(from: frames)
      #expect((try? Message.decoded(from: message.encoded())) == message)
    } catch {
      #expect(!error.description.isEmpty)
    }
  }
}

extension SplitMix {
  /// The frames with one thing wrong, or, rarely, nothing.
  fileprivate mutating func damaged(_ frames: [Frame]) -> [Frame] {
    var frames = frames
    let place = Int.random(in: 0..<frames.count, using: &self)
    switch Int.random(in: 0..<5, using: &self) {
    case 0: frames.remove(at: place)
    case 1: frames.insert(Frame(bytes(Int.random(in: 0..<20, using: &self))), at: place)
    case 2: frames.swapAt(place, Int.random(in: 0..<frames.count, using: &self))
    case 3: frames[place] = Frame(cut(frames[place].bytes()))
    default: frames[place] = Frame(flipped(frames[place].bytes()))
    }
    return frames
  }

  private mutating func cut(_ bytes: [UInt8]) -> [UInt8] {
    Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &self)))
  }

  private mutating func flipped(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return [1] }
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &self) {
      bytes[Int.random(in: 0..<bytes.count, using: &self)] ^=
        1 << UInt8.random(in: 0..<8, using: &self)
    }
    return bytes
  }
}
