import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// The synthetic data of FedProx and pFedMe, Synthetic(α, β), as their programs draw them from a seed.
///
/// A hospital k has a linear model of its own, and points about a middle of its own:
///
///     n_k = factor · (⌊exp(4 + 2 z)⌋ + 50)
///     u_k = α z,  B_k = β z,  v_k ~ N(B_k, 1)^60
///     W_k ~ N(u_k, 1)^(60×10),  b_k ~ N(u_k, 1)^10
///     x = v_k + j^(−0.6) z for feature j,  y = argmax (x W_k + b_k)
///
/// with z standard normal, drawn anew each time. α and β are spreads here, as in the programs; the paper has them for
/// variances. The draws come one after the other from numpy's legacy generator, first those of all n, u, B and v,
/// then hospital by hospital the rest: so a hospital depends on how many come before it and in all, and not on its
/// name. Features are rounded to `Float` once labels are known.
///
/// What is kept is where the draws of each hospital begin, about 3 KB, so that its points can be made at
/// any time. Cost at the start: to draw past all points of the hospitals up to the last that is wanted, some
/// 10 ns for each of their numbers.
///
/// References: Li et al., "Federated optimization in heterogeneous networks", MLSys 2020 (FedProx; its generator sets no
/// seed and has a factor of 1 and 30 hospitals); Dinh, Tran and Nguyen, "Personalized federated learning with
/// Moreau envelopes", NeurIPS 2020 (seed 0, a factor of 5, 100 hospitals).
public struct TenClasses: Sendable {
  /// The names of the features.
  public static let features = (1...60).map { "x\($0)" }
  /// How many classes there are.
  public static let classes = 10

  /// What distinguishes a hospital.
  private struct Site {
    let size: Int
    /// About which its model is drawn.
    let weight: Double
    /// About which its points are drawn.
    let middle: [Double]
    /// Where the draws of its model and points begin.
    let draws: LegacyRandom
  }

  private let sites: [String: Site]
  /// The number of points of each hospital, in their order.
  public let sizes: [Int]

  /// The data of `hospitals`, in their order.
  ///
  /// - Parameters:
  ///   - alpha: How far models differ.
  ///   - beta: How far the middles of points differ.
  ///   - factor: By what sizes are multiplied.
  ///   - seed: The seed of the generator.
  ///   - hospitals: All hospitals.
  ///   - wanted: Those whose points may be asked for; all if nil.
  public init(
    alpha: Double, beta: Double, factor: Int, seed: UInt32, hospitals: [String],
    wanted: Set<String>? = nil
  ) {
    var random = LegacyRandom(seed: seed)
    let sizes = hospitals.map { _ in
      factor * (Int(exp(random.normal(mean: 4, spread: 2))) + 50)
    }
    let weights = hospitals.map { _ in random.normal(spread: alpha) }
    let means = hospitals.map { _ in random.normal(spread: beta) }
    let middles = means.map { mean in Self.features.map { _ in random.normal(mean: mean) } }
    self.sizes = sizes
    sites = Self.sites(of: hospitals, wanted: wanted, from: random) { place, draws in
      Site(size: sizes[place], weight: weights[place], middle: middles[place], draws: draws)
    }
  }

  private static func sites(
    of hospitals: [String], wanted: Set<String>?, from random: LegacyRandom,
    _ site: (Int, LegacyRandom) -> Site
  ) -> [String: Site] {
    var (random, sites) = (random, [String: Site]())
    let last = hospitals.lastIndex { wanted?.contains($0) ?? true } ?? -1
    for (place, hospital) in hospitals.prefix(last + 1).enumerated() {
      let site = site(place, random)
      if wanted?.contains(hospital) ?? true { sites[hospital] = site }
      let model = (features.count + 1) * classes
      if place < last { random.skip(normals: model + features.count * site.size) }
    }
    return sites
  }

  /// The points of a hospital, the same whenever they are asked for.
  ///
  /// - Precondition: it is one of those that are wanted.
  public func cohort(of hospital: String) -> Cohort {
    guard let site = sites[hospital] else {
      preconditionFailure("\(hospital) is not among the hospitals whose points are wanted")
    }
    var random = site.draws
    let columns = Self.features.count
    let weights = (0..<columns * Self.classes).map { _ in random.normal(mean: site.weight) }
    let biases = (0..<Self.classes).map { _ in random.normal(mean: site.weight) }
    let spreads = (1...columns).map { pow(Double($0), -1.2).squareRoot() }
    var inputs = Matrix(rows: site.size, columns: columns)
    var outcomes: [Float] = []
    outcomes.reserveCapacity(site.size)
    var scores = biases
    for row in 0..<site.size {
      scores = biases
      for column in 0..<columns {
        let x = site.middle[column] + spreads[column] * random.normal()
        inputs[row, column] = Float(x)
        for label in 0..<Self.classes {
          scores[label] += x * weights[column * Self.classes + label]
        }
      }
      outcomes.append(Self.highest(of: scores))
    }
    return Cohort(hospital: hospital, features: Self.features, inputs: inputs, outcomes: outcomes)
  }

  /// The first class with the highest score.
  private static func highest(of scores: [Double]) -> Float {
    var best = 0
    for label in scores.indices where scores[label] > scores[best] { best = label }
    return Float(best)
  }
}
