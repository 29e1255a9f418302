#if _endian(big)
  #error(
    "State is kept in little-endian numbers and copied as it lies: this machine is big-endian.")
#endif

// How state is written down: words of 8 bytes, little-endian, and runs of numbers and text, padded
// to whole words. Whoever reads knows the order; counts stand before what they count.

extension [UInt8] {
  /// Adds a whole number.
  package mutating func add(_ word: Int) { add(numbers: [word]) }

  /// Adds numbers as they lie in memory.
  package mutating func add<Number: BitwiseCopyable>(numbers: [Number]) {
    let size = unsafe numbers.withUnsafeBytes { bytes in
      unsafe append(contentsOf: bytes)
      return bytes.count
    }
    append(contentsOf: repeatElement(0, count: -size & 7))
  }

  /// Adds a text with its length before it.
  package mutating func add(_ text: String) {
    add(text.utf8.count)
    add(numbers: Array(text.utf8))
  }
}

/// Reads state in the order in which it was written.
package struct StateReader {
  /// What was read is no state that was written down.
  package struct Malformed: Error {}

  private var rest: ArraySlice<UInt8>

  /// Reads from the beginning of `bytes`.
  package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Whether all has been read.
  package var isAtEnd: Bool { rest.isEmpty }

  /// The next whole number.
  package mutating func word() throws(Malformed) -> Int { try numbers(1, zero: 0)[0] }

  /// A whole number within `bounds`, such as a count of what follows.
  package mutating func word(in bounds: ClosedRange<Int>) throws(Malformed) -> Int {
    let word = try word()
    guard bounds.contains(word) else { throw Malformed() }
    return word
  }

  /// So many numbers, as they were added.
  package mutating func numbers<Number: BitwiseCopyable>(
    _ count: Int, zero: Number
  ) throws(Malformed) -> [Number] {
    let width = MemoryLayout<Number>.stride
    guard count >= 0, count <= rest.count / width else { throw Malformed() }
    var numbers = [Number](repeating: zero, count: count)
    let bytes = rest.prefix(count * width)
    unsafe numbers.withUnsafeMutableBytes { unsafe $0.copyBytes(from: bytes) }
    rest = rest.dropFirst((count * width + 7) & ~7)
    return numbers
  }

  /// A text, as it was added.
  package mutating func text() throws(Malformed) -> String {
    let bytes = try numbers(word(in: 0...rest.count), zero: UInt8(0))
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
    return text
  }
}
