#if canImport(Glibc)
  import Glibc
#endif

// Draws from the distributions that scripts of a federation speak of: how labels, sizes and failures
// are spread. Each states its definition, and is tested against it.

// MARK: Sizes

extension RandomStream {
  /// A positive number whose logarithm is normal with mean 0 and standard deviation `sigma`.
  ///
  /// Its median is 1 and its mean exp(σ² / 2).
  ///
  /// - Precondition: `sigma` is not negative.
  public mutating func logNormal(sigma: Double) -> Double {
    precondition(sigma >= 0, "a standard deviation of \(sigma) is negative")
    return exp(sigma * normal())
  }

  /// A rank from 1 to `count` with P(r) proportional to r^(−s), s being the `exponent`.
  ///
  /// By inversion of the distribution function: O(`count`) a draw; see ``zipfShares(exponent:count:)``.
  ///
  /// - Precondition: `count` is positive and `exponent` not negative.
  public mutating func zipf(exponent: Double, count: Int) -> Int {
    let shares = Self.zipfShares(exponent: exponent, count: count)
    return choose(by: shares) + 1
  }

  /// The shares r^(−s) / Σ_k k^(−s) of the ranks 1 to `count`, in that order.
  ///
  /// - Precondition: `count` is positive and `exponent` not negative.
  public static func zipfShares(exponent: Double, count: Int) -> [Double] {
    precondition(count > 0 && exponent >= 0, "no Zipf shares of \(count) ranks by \(exponent)")
    let weights = (1...count).map { pow(Double($0), -exponent) }
    // Summed from the smallest, so that a million ranks lose no digits.
    let total = weights.reversed().reduce(0, +)
    return weights.map { $0 / total }
  }

  /// An index drawn with probability proportional to its weight.
  ///
  /// - Precondition: the weights are not negative, and one of them is positive.
  public mutating func choose(by weights: [Double]) -> Int {
    let total = weights.reduce(0, +)
    precondition(total > 0, "nothing can be chosen by \(weights.count) weights of 0")
    var rest = uniform() * total
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    // Rounding may leave a rest behind the last.
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}

// MARK: Shares

extension RandomStream {
  /// Shares drawn from the Dirichlet distribution with these concentrations; they sum to 1.
  ///
  /// Gamma variates divided by their sum, in logarithms: concentrations of a thousandth give shares
  /// that are 0 and 1 and not the quotient of two zeros.
  ///
  /// - Precondition: there is a concentration, and all are positive.
  public mutating func dirichlet(_ concentrations: [Double]) -> [Double] {
    precondition(
      !concentrations.isEmpty && concentrations.allSatisfy { $0 > 0 },
      "concentrations are positive: \(concentrations)")
    let logarithms = concentrations.map { logarithmOfGamma(shape: $0) }
    let largest = logarithms.max() ?? 0
    let weights = logarithms.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// A number drawn from the gamma distribution of this shape and scale 1.
  ///
  /// - Precondition: `shape` is positive.
  public mutating func gamma(shape: Double) -> Double {
    exp(logarithmOfGamma(shape: shape))
  }

  private mutating func logarithmOfGamma(shape: Double) -> Double {
    precondition(shape > 0, "a shape of \(shape) is not positive")
    guard shape < 1 else { return log(gammaOfShapeAtLeastOne(shape)) }
    // X of shape a is Y · U^(1/a) with Y of shape a + 1 (Stuart 1962).
    return log(gammaOfShapeAtLeastOne(shape + 1)) + log(1 - uniform()) / shape
  }

  /// Marsaglia and Tsang 2000.
  private mutating func gammaOfShapeAtLeastOne(_ shape: Double) -> Double {
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let z = normal()
      let cube = 1 + c * z
      guard cube > 0 else { continue }
      let v = cube * cube * cube
      if log(1 - uniform()) < z * z / 2 + d * (1 - v + log(v)) { return d * v }
    }
  }
}

// MARK: Counts

extension RandomStream {
  /// A count drawn from the Poisson distribution: how many events happen where `mean` are expected.
  ///
  /// By inversion below a mean of 10, above it by Hörmann's transformed rejection (PTRS, 1993), whose
  /// cost does not grow with the mean.
  ///
  /// - Precondition: `mean` is from 0 to 10^9.
  public mutating func poisson(mean: Double) -> Int {
    precondition(mean >= 0 && mean <= 1e9, "a mean of \(mean) is not from 0 to 10^9")
    return mean < 10 ? poissonByInversion(mean) : poissonByRejection(mean)
  }

  private mutating func poissonByInversion(_ mean: Double) -> Int {
    let target = uniform()
    var count = 0
    var probability = exp(-mean)
    var reached = probability
    // Beyond 200 nothing is left that a multiple of 2^-53 could tell.
    while target >= reached && count < 200 {
      count += 1
      probability *= mean / Double(count)
      reached += probability
    }
    return count
  }

  private mutating func poissonByRejection(_ mean: Double) -> Int {
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let quick = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = 1 - uniform()
      let us = 0.5 - abs(u)
      let count = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07 && v <= quick { return Int(count) }
      guard count >= 0, us >= 0.013 || v <= us else { continue }
      let left = log(v * inverseAlpha / (a / (us * us) + b))
      if left <= count * log(mean) - mean - logarithmOfFactorial(count) { return Int(count) }
    }
  }

  private func logarithmOfFactorial(_ count: Double) -> Double {
    // `lgamma` writes a global sign; this form of it does not.
    var sign: Int32 = 0
    return unsafe lgamma_r(count + 1, &sign)
  }
}
