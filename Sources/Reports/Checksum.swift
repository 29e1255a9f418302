/// A word that tells bytes as they were written from bytes that were written in part or damaged.
///
/// It is no protection against forgery. Each word of 8 bytes goes into one of four lanes, by steps
/// that can be undone: bytes that differ in one word never have the same checksum, and others have
/// it once in 2^64. Four lanes keep the multiplier of one core busy: it reads as fast as memory is
/// copied, where a cryptographic digest would cost a round more than all that it is to protect.
enum Checksum {
  private static let starts: [UInt64] = [
    0x9E37_79B9_7F4A_7C15, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB, 0xD6E8_FEB8_6659_FD93,
  ]

  /// The checksum of `bytes`, after others that had the checksum `before`.
  static func of(_ bytes: [UInt8], after before: UInt64 = 0) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe of($0, after: before) }
  }

  /// The checksum of `bytes`, after others that had the checksum `before`.
  static func of(_ bytes: UnsafeRawBufferPointer, after before: UInt64 = 0) -> UInt64 {
    var (a, b, c, d) = (starts[0] ^ before, starts[1], starts[2], starts[3])
    let blocks = bytes.count / 32
    for block in 0..<blocks {
      a = step(a, unsafe word(of: bytes, at: 32 * block))
      b = step(b, unsafe word(of: bytes, at: 32 * block + 8))
      c = step(c, unsafe word(of: bytes, at: 32 * block + 16))
      d = step(d, unsafe word(of: bytes, at: 32 * block + 24))
    }
    for index in 32 * blocks..<bytes.count { a = unsafe step(a, UInt64(bytes[index])) }
    return [b, c, d, UInt64(bytes.count)].reduce(a, step)
  }

  private static func word(of bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private static func step(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = lane ^ word
    return (mixed << 29 | mixed >> 35) &* 0xFF51_AFD7_ED55_8CCD
  }
}
