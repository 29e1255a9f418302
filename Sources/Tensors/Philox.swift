/// The counter-based generator Philox 4x32-10.
///
/// A keyed bijection of 128-bit counters: the same key and counter give the same 128 bits, whoever
/// asks and in whatever order.
///
/// Reference: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011;
/// known answers from Random123's `kat_vectors`.
public enum Philox {
  /// Four 32-bit words: a counter, or the random block it maps to.
  public typealias Block = SIMD4<UInt32>

  /// The random block at `counter` under `key`, after ten rounds.
  public static func block(at counter: Block, key: SIMD2<UInt32>) -> Block {
    var block = counter
    var key = key
    for _ in 0..<10 {
      block = round(block, key: key)
      key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return block
  }

  private static func round(_ c: Block, key: SIMD2<UInt32>) -> Block {
    let first = UInt64(0xD251_1F53) * UInt64(c[0])
    let second = UInt64(0xCD9E_8D57) * UInt64(c[2])
    return Block(
      UInt32(truncatingIfNeeded: second >> 32) ^ c[1] ^ key[0],
      UInt32(truncatingIfNeeded: second),
      UInt32(truncatingIfNeeded: first >> 32) ^ c[3] ^ key[1],
      UInt32(truncatingIfNeeded: first))
  }
}
