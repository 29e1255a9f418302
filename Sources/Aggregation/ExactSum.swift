/// The exact sum of vectors of `Float`: the same bits for every order and every grouping.
///
/// Contributions are folded in as they arrive and not kept. Every number is accumulated in fixed
/// point, so nothing is rounded before the result is asked for, also where contributions cancel.
///
///     var sum = ExactSum(count: network.parameterCount)
///     for contribution in arrivals { try sum.add(contribution) }
///     let mean = sum.mean(over: Double(sum.contributions))
///
/// Memory: 8 bytes a number for each of at most 9 limbs of 32 bits that the magnitudes in fact span;
/// 16 to 32 bytes a number is usual for gradients. Up to 2^39 contributions.
public struct ExactSum: Sendable {
  private var limbs: Limbs
  /// How many vectors have been added, those in merged sums included.
  public private(set) var contributions = 0

  /// The sum of no vectors of `count` numbers: all zeros.
  public init(count: Int) {
    limbs = Limbs(count: count)
  }

  /// The length of the vectors.
  public var count: Int { limbs.count }

  /// The bytes that the sum holds at present, whatever the number of contributions.
  public var bytes: Int { limbs.bytes }

  /// Forgets all contributions and keeps the memory.
  public mutating func reset() {
    limbs.clear()
    contributions = 0
  }
}

// MARK: Adding

extension ExactSum {
  /// Adds a vector, in about a nanosecond a number and without allocation once its magnitudes have
  /// been met.
  ///
  /// - Precondition: `vector.count == count`.
  /// - Throws: ``NonFiniteContribution`` before anything is added.
  public mutating func add(_ vector: UnsafeBufferPointer<Float>) throws(NonFiniteContribution) {
    precondition(vector.count == count, "a sum of \(count) numbers cannot take \(vector.count)")
    let magnitudes = unsafe MagnitudeRange(of: vector)
    guard magnitudes.isFinite else {
      let first = unsafe vector.firstIndex { !$0.isFinite }
      throw NonFiniteContribution(index: first ?? 0)
    }
    contributions += 1
    guard let needed = magnitudes.limbs else { return }
    if limbs.isFull { limbs.carry() }
    limbs.hold(needed)
    unsafe limbs.fold(vector)
  }

  /// Adds a vector.
  ///
  /// - Precondition: `vector.count == count`.
  /// - Throws: ``NonFiniteContribution`` before anything is added.
  public mutating func add(_ vector: [Float]) throws(NonFiniteContribution) {
    let refusal = unsafe vector.withUnsafeBufferPointer { vector -> NonFiniteContribution? in
      do throws(NonFiniteContribution) {
        unsafe try add(vector)
        return nil
      } catch { return error }
    }
    if let refusal { throw refusal }
  }

  /// Adds all that `other` holds, as if its vectors had been added one by one.
  ///
  /// - Precondition: `other.count == count`.
  public mutating func add(_ other: ExactSum) {
    precondition(other.count == count, "a sum of \(count) numbers cannot take \(other.count)")
    limbs.add(other.limbs)
    contributions += other.contributions
  }
}

// MARK: Travelling

extension ExactSum {
  /// The sum that `words` hold.
  ///
  /// - Parameters:
  ///   - words: What has travelled.
  ///   - contributions: How many vectors were added to it, wherever that was.
  /// - Throws: ``ImplausibleSum`` where so many finite vectors cannot have this sum.
  public init(_ words: ExactWords, contributions: Int) throws(ImplausibleSum) {
    let (first, limbs) = try words.limbs(on: .float, contributions: contributions)
    self.limbs = Limbs(limbs, count: words.count, from: first)
    self.contributions = contributions
  }

  /// What the sum holds, as it travels.
  var words: ExactWords {
    ExactWords(
      limbs: limbs.carried, count: count,
      exponent: LimbScale.float.weight + 32 * limbs.held.lowerBound)
  }
}

// MARK: Results

extension ExactSum {
  /// The `Float` nearest to the exact sum, number by number; infinite where it exceeds all of them.
  public func rounded() -> [Float] {
    results(precision: 24) { Float($0) }
  }

  /// The exact sum over `divisor`, number by number.
  ///
  /// The sum is rounded once to `Double` and the quotient once to `Float`: within 2^-23.9 of the exact
  /// quotient, relative.
  public func mean(over divisor: Double) -> [Float] {
    precondition(divisor > 0, "a mean is taken over more than nothing, not over \(divisor)")
    return results(precision: 53) { Float($0 / divisor) }
  }

  private func results(precision: Int, _ finish: (Double) -> Float) -> [Float] {
    guard !limbs.held.isEmpty else { return Array(repeating: 0, count: count) }
    let weight = 32 * limbs.held.lowerBound - 149
    guard limbs.held.count > Limbs.heldWithin128Bits else {
      return (0..<count).map { index in
        finish(
          FixedPoint.nearest(to: limbs.units(of: index), weight: weight, precision: precision))
      }
    }
    var digits = [Int64](repeating: 0, count: limbs.held.count + 2)
    return (0..<count).map { index in
      limbs.copy(index, into: &digits)
      return finish(FixedPoint.nearest(to: &digits, weight: weight, precision: precision))
    }
  }
}
