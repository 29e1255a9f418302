import Glibc
public import Tensors

/// Hospitals of different sizes: how many patients each ends with, after other rules have selected.
///
/// A hospital h of n_h patients is to have m_h, the N hospitals concerned being in a random order of
/// ranks:
///
///     log-normal:  m_h = n_h exp(σ z_h − σ²/2)                z_h standard normal
///     Zipf:        m_h = n_h N rank_h^(−s) / Σ_k k^(−s)
///     counts:      m_h as given
///     size = n_h^(1 − strength) m_h^strength, rounded
///
/// So the mean size stays. Real hospitals cannot grow: there the factors are exp(σ z_h) and
/// rank_h^(−s), and a hospital that is to have more than it has keeps all.
public struct QuantitySkew: Equatable, Sendable {
  private enum Law: Equatable {
    case logNormal(Double)
    /// The factor of every hospital, and that of the first rank.
    case zipf([String: Double], first: Double)
    case counts([String: Int])
  }

  private let law: Law

  /// Sizes that are log-normal about the hospital's own.
  public init(logNormal sigma: Double) {
    law = .logNormal(sigma)
  }

  /// Sizes that fall as a power of the rank, which `random`, the rule's own stream, decides.
  public init(zipf exponent: Double, among hospitals: [String], random: RandomStream) {
    var order = random.child("ranks")
    let shares = RandomStream.zipfShares(exponent: exponent, count: max(1, hospitals.count))
    let ranks = order.sample(hospitals.count, of: hospitals.count)
    let factors = zip(hospitals, ranks).map { ($0, shares[$1] * Double(hospitals.count)) }
    law = .zipf(
      Dictionary(factors) { first, _ in first }, first: shares[0] * Double(hospitals.count))
  }

  /// Sizes as given; other hospitals keep theirs.
  public init(counts: [String: Int]) {
    law = .counts(counts)
  }

  /// How many patients `hospital` is to have.
  ///
  /// - Parameters:
  ///   - hospital: The hospital's name.
  ///   - count: The patients that it has.
  ///   - mayGrow: Whether there can be more than these.
  ///   - strength: From 0 to 1.
  ///   - random: The rule's own stream.
  /// - Returns: A size of 1 or more where there are patients, and no more than there are if it may
  ///   not grow.
  public func size(
    of hospital: String, having count: Int, mayGrow: Bool, strength: Double, random: RandomStream
  ) -> Int {
    guard count > 0 else { return 0 }
    let aim = aim(of: hospital, having: count, mayGrow: mayGrow, random: random)
    let size = Int((Double(count) * pow(aim / Double(count), strength)).rounded())
    return mayGrow ? max(1, size) : min(count, max(1, size))
  }

  private func aim(
    of hospital: String, having count: Int, mayGrow: Bool, random: RandomStream
  ) -> Double {
    switch law {
    case .logNormal(let sigma):
      var draw = random.child("hospital").child(hospital)
      let correction = mayGrow ? exp(-sigma * sigma / 2) : 1
      return Double(count) * draw.logNormal(sigma: sigma) * correction
    case .zipf(let factors, let first):
      return Double(count) * (factors[hospital] ?? 1) / (mayGrow ? 1 : first)
    case .counts(let counts): return Double(counts[hospital] ?? count)
    }
  }
}
