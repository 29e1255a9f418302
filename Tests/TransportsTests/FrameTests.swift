import Testing
import Transports

@Suite("Frames")
struct FrameTests {
  @Test("Numbers come out as they went in, to the bit")
  func numbersSurvive() {
    let floats: [Float] = [0, -0.0, .pi, .infinity, .leastNonzeroMagnitude]
    let doubles: [Double] = [1, .nan, -.greatestFiniteMagnitude]
    #expect(Frame(floats: floats).floats().map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(Frame(doubles: doubles).doubles().map(\.bitPattern) == doubles.map(\.bitPattern))
    #expect(Frame(integers: [.min, -1, .max]).integers() == [.min, -1, .max])
  }

  @Test("Numbers are little-endian")
  func littleEndian() {
    #expect(Frame(floats: [1]).bytes() == [0, 0, 0x80, 0x3F])
    #expect(Frame(integers: [258]).bytes() == [2, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test("An array is kept, not copied")
  func noCopy() {
    let numbers = [Float](repeating: 1, count: 1_000)
    let original = unsafe numbers.withUnsafeBytes { $0.baseAddress }
    let frame = Frame(floats: numbers)
    let sent = unsafe frame.withUnsafeBytes { $0.baseAddress }
    #expect(unsafe sent == original)
  }

  @Test("Writing to the array afterwards does not change the frame")
  func immutable() {
    var numbers: [Float] = [1, 2, 3]
    let frame = Frame(floats: numbers)
    numbers[1] = 20
    #expect(frame.floats() == [1, 2, 3])
  }

  @Test("Frames are equal when their bytes are, whoever owns them")
  func equality() {
    #expect(Frame(floats: [1]) == Frame([0, 0, 0x80, 0x3F]))
    #expect(Frame([1, 2]) != Frame([1, 3]))
    #expect(Frame([1, 2]) != Frame([1, 2, 3]))
    #expect(Frame([]) == Frame(floats: []))
  }

  @Test("Bytes that are owned elsewhere are read at any alignment")
  func alignment() {
    let frame = Frame(storage: Offset(Frame(floats: [1.5, -2])))
    #expect(frame.floats() == [1.5, -2])
  }
}

/// Bytes that begin at an odd address.
@safe
private final class Offset: FrameStorage {
  private let padded: Frame
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  init(_ frame: Frame) {
    padded = Frame([0] + frame.bytes())
    unsafe bytes = padded.withUnsafeBytes { unsafe UnsafeRawBufferPointer(rebasing: $0[1...]) }
  }
}
