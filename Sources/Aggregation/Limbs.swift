/// Fixed-point accumulators of many numbers at once, wide enough for every `Float`.
///
/// A number is the sum of its limbs, limb `l` in units of 2^(32 l - 149): 2^-149 is the smallest
/// `Float` above zero. A significand is added whole to the one limb in which its lowest bit lies,
/// where it takes up to 55 bits; ``carry()`` moves what exceeds 32 bits upwards before 64 are full.
/// Only the limbs in use are held. Integer addition is associative, and so is this.
///
/// After Neal, "Fast exact summation using small and large superaccumulators", 2015.
struct Limbs: Sendable {
  /// Additions after which a limb of 2^32 and this many 55-bit significands still fits 63 bits.
  static let additionsBetweenCarries = 200

  /// The limbs of which the sum fits 128 bits: the topmost takes carries only, of 23 bits an addition.
  static let heldWithin128Bits = 3

  /// How many numbers are accumulated.
  let count: Int
  /// The limbs that are held, from the least significant; the topmost takes carries only.
  private(set) var held = 0..<0
  /// The limbs one after another, `count` numbers each.
  private var storage: [Int64] = []
  /// Additions since the last carry.
  private var pending = 0

  init(count: Int) {
    self.count = count
  }

  /// Takes limbs from limb `first` on, each but the topmost in `0..<2^32`, the topmost far from full.
  init(_ limbs: [Int64], count: Int, from first: Int) {
    self.count = count
    storage = limbs
    held = first..<first + limbs.count / max(count, 1)
  }

  /// The limbs that are held, each but the topmost in `0..<2^32`.
  var carried: [Int64] {
    var limbs = self
    limbs.carry()
    return limbs.storage
  }

  /// Whether a carry is due before the next addition.
  var isFull: Bool { pending >= Self.additionsBetweenCarries }

  /// The memory that the limbs take.
  var bytes: Int { storage.count * MemoryLayout<Int64>.stride }

  /// Sets every number to zero and keeps the memory.
  mutating func clear() {
    for index in storage.indices { storage[index] = 0 }
    pending = 0
  }

  /// Sees to it that limbs `needed`, and one above them for carries, are held.
  mutating func hold(_ needed: ClosedRange<Int>) {
    let wanted = needed.lowerBound..<needed.upperBound + 2
    if held.isEmpty {
      (held, storage) = (wanted, Array(repeating: 0, count: wanted.count * count))
    } else if wanted.lowerBound < held.lowerBound || wanted.upperBound > held.upperBound {
      widen(to: min(held.lowerBound, wanted.lowerBound)..<max(held.upperBound, wanted.upperBound))
    }
  }

  private mutating func widen(to range: Range<Int>) {
    let below = (held.lowerBound - range.lowerBound) * count
    let above = (range.upperBound - held.upperBound) * count
    storage = Array(repeating: 0, count: below) + storage + Array(repeating: 0, count: above)
    held = range
    carry()  // What was topmost kept its carries to itself and is an ordinary limb now.
  }

  /// Brings every limb but the topmost into `0..<2^32`, without changing any number.
  mutating func carry() {
    for lower in stride(from: 0, to: max(storage.count - count, 0), by: 1) {
      storage[lower + count] &+= storage[lower] >> 32
      storage[lower] &= 0xFFFF_FFFF
    }
    pending = 0
  }

  /// Adds the numbers of `other`.
  mutating func add(_ other: Limbs) {
    guard !other.held.isEmpty else { return }
    hold(other.held.lowerBound...max(other.held.lowerBound, other.held.upperBound - 2))
    var other = other
    other.carry()
    carry()
    let offset = (other.held.lowerBound - held.lowerBound) * count
    for index in other.storage.indices { storage[offset + index] &+= other.storage[index] }
    carry()
  }

  /// Number `index` in units of the lowest limb's lowest bit.
  ///
  /// - Precondition: at most ``heldWithin128Bits`` limbs are held, the usual case.
  func units(of index: Int) -> Int128 {
    var units: Int128 = 0
    for limb in 0..<held.count {
      units += Int128(storage[limb * count + index]) << Int128(32 * limb)
    }
    return units
  }

  /// Copies the limbs of number `index` into `digits`, and leaves the last two digits for carries.
  func copy(_ index: Int, into digits: inout [Int64]) {
    for limb in held.indices {
      digits[limb - held.lowerBound] = storage[(limb - held.lowerBound) * count + index]
    }
    digits[held.count] = 0
    digits[held.count + 1] = 0
  }
}

extension Limbs {
  /// Adds one finite `Float` to each number.
  ///
  /// The limbs that `vector` needs are held and no carry is due. Zeros may lie below what is held.
  mutating func fold(_ vector: UnsafeBufferPointer<Float>) {
    let lowest = held.lowerBound
    let count = count
    unsafe storage.withUnsafeMutableBufferPointer { storage in
      for index in 0..<count {
        let addend = unsafe Addend(vector[index])
        let limb = max(addend.limb - lowest, 0)
        unsafe storage[limb &* count &+ index] &+= addend.units
      }
    }
    pending += 1
  }
}

/// A `Float` as so many units of one limb.
private struct Addend {
  let limb: Int
  let units: Int64

  @inline(__always)
  init(_ number: Float) {
    let bits = number.bitPattern
    let exponent = Int(bits >> 23 & 0xFF)
    // Subnormal numbers share the exponent of the smallest normal ones, without their leading bit.
    let leading: UInt32 = exponent == 0 ? 0 : 1 << 23
    let shift = max(exponent, 1) &- 1
    let magnitude = Int64(bits & 0x7F_FFFF | leading) &<< Int64(shift & 31)
    let sign = Int64(Int32(bitPattern: bits) >> 31)
    units = (magnitude ^ sign) &- sign
    limb = shift >> 5
  }
}
