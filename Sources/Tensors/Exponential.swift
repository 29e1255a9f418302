/// Eight numbers at a time: what the pointwise functions are written in.
public typealias Lanes = SIMD8<Float>

/// Exponential, hyperbolic tangent and logistic function of eight numbers at a time.
///
/// Branchless, within 2 units in the last place, and the same bits on every run; libm would be
/// called once a number. Reference: Cephes `expf` and `tanhf` (Moshier 1989).
public enum Exponential {
  /// `e` to the power of each lane; arguments are clamped to `[-87.3, 88.3]`, where `Float` is
  /// about to leave its range.
  @inlinable
  public static func exp(_ x: Lanes) -> Lanes {
    let x = pointwiseMin(pointwiseMax(x, Lanes(repeating: -87.3)), Lanes(repeating: 88.3))
    // x = n log 2 + r; adding and subtracting 1.5 * 2^23 rounds to the nearest whole number.
    let magic: Float = 12_582_912
    let shifted = x * 1.442_695_04 + magic
    let n = shifted - magic
    let r = x - n * 0.693_359_375 - n * -2.121_944_4e-4
    var p = Lanes(repeating: 1.987_569_15e-4)
    p = p * r + 1.398_199_95e-3
    p = p * r + 8.333_451_9e-3
    p = p * r + 4.166_579_6e-2
    p = p * r + 1.666_666_55e-1
    p = p * r + 5.000_000_1e-1
    p = p * (r * r) + r + 1
    // The low bits of the shifted number are n: move them into the exponent.
    let exponent = (unsafe unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23)
    let bits = unsafe unsafeBitCast(p, to: SIMD8<Int32>.self) &+ exponent
    return unsafe unsafeBitCast(bits, to: Lanes.self)
  }

  /// The hyperbolic tangent of each lane.
  @inlinable
  public static func tanh(_ x: Lanes) -> Lanes {
    let size = pointwiseMax(x, -x)
    let large = 1 - 2 / (exp(size + size) + 1)
    // Near zero 1 - 2 / ... cancels; there an odd polynomial serves.
    let s = x * x
    var p = Lanes(repeating: -5.704_988_7e-3)
    p = p * s + 2.063_908_9e-2
    p = p * s + -5.373_971_5e-2
    p = p * s + 1.333_144_2e-1
    p = p * s + -3.333_328_2e-1
    let small = p * s * x + x
    let signed = large.replacing(with: -large, where: x .< 0)
    return small.replacing(with: signed, where: size .> 0.625)
  }

  /// The logistic function `1 / (1 + exp(-x))` of each lane.
  @inlinable
  public static func sigmoid(_ x: Lanes) -> Lanes {
    1 / (1 + exp(-x))
  }
}
