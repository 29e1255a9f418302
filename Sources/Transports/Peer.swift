/// The way back to one sender: what a hub knows of it.
///
/// A node that is started again is another peer; one that merely reconnects may be the same. Up to 8
/// bytes of identity, as many as transports use, take no memory but its own 16 bytes.
public struct Peer: Hashable, Sendable {
  private enum Identity: Hashable {
    /// Up to 8 bytes, the first one the most significant, and how many they are.
    case short(UInt64, count: UInt8)
    case long([UInt8])
  }

  private let stored: Identity

  /// The peer with a routing identity.
  public init(identity: [UInt8]) {
    guard identity.count <= 8 else {
      stored = .long(identity)
      return
    }
    let word = identity.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    let empty = UInt64(8 * (8 - identity.count))
    stored = .short(word << empty, count: UInt8(identity.count))
  }

  private init(word: UInt64, count: Int) {
    stored = .short(word, count: UInt8(count))
  }

  /// The peer whose identity is the 8 bytes of a number, the most significant one first.
  public init(number: UInt64) {
    stored = .short(number, count: 8)
  }

  /// The identity that the transport routes by.
  public var identity: [UInt8] {
    switch stored {
    case .short(let word, let count):
      (0..<count).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    case .long(let bytes): bytes
    }
  }

  /// The number that ``init(number:)`` was given; `nil` of any other peer.
  public var number: UInt64? {
    if case .short(let word, 8) = stored { word } else { nil }
  }
}

// MARK: Neighbours

extension Peer {
  /// How many bytes the identity has.
  var identityBytes: Int {
    switch stored {
    case .short(_, let count): Int(count)
    case .long(let bytes): bytes.count
    }
  }

  /// The identity as a number, where it is short.
  private var value: UInt64? {
    if case .short(let word, let count) = stored { word >> (64 - 8 * UInt64(count)) } else { nil }
  }

  /// The peer whose identity, read as a number of as many bytes, is greater by `count`; `nil` where
  /// there is none, or the identity has more than 8 bytes.
  public func advanced(by count: Int) -> Peer? {
    guard count != 0 else { return self }
    guard let value, let step = UInt64(exactly: count) else { return nil }
    let (sum, isOver) = value.addingReportingOverflow(step)
    let width = 8 * UInt64(identityBytes)
    guard !isOver, sum >> width == 0 else { return nil }
    return Peer(word: sum << (64 - width), count: identityBytes)
  }

  /// By how much the identity, read as a number, is greater than that of `first`, which is as long;
  /// `nil` where it is not.
  public func offset(from first: Peer) -> Int? {
    guard self != first else { return 0 }
    guard let value, let other = first.value, identityBytes == first.identityBytes else {
      return nil
    }
    return value > other ? Int(exactly: value - other) : nil
  }
}

extension Peer: Comparable {
  /// Whether one identity comes before another, byte by byte; a beginning of another comes before it.
  public static func < (one: Peer, other: Peer) -> Bool {
    if case (.short(let a, let m), .short(let b, let n)) = (one.stored, other.stored) {
      return (a, m) < (b, n)
    }
    return one.identity.lexicographicallyPrecedes(other.identity)
  }
}
