import CSodium

/// The SHA-256 digest, by libsodium.
public enum SHA256 {
  /// The 32 bytes of the digest of `bytes`.
  public static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    // libsodium refuses only lengths that no buffer in memory reaches.
    _ = unsafe crypto_hash_sha256(
      &digest, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
    return digest
  }

  /// The 32 bytes of the digest of `bytes`.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe digest($0) }
  }

  /// The digest of `bytes` as 64 lower-case hexadecimal digits.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    hexadecimal(ofDigest: digest(bytes))
  }

  /// Bytes as lower-case hexadecimal digits, two a byte.
  public static func hexadecimal(ofDigest digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
