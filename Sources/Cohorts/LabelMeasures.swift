import Glibc

/// Measures of how unlike hospitals are in labels and in size.
public enum LabelMeasures {
  /// The Jensen-Shannon distance of two distributions over the same classes: from 0, equal, to 1,
  /// without a class in common.
  ///
  /// The square root of half the Kullback-Leibler divergences, in bits, of both from their mean (Lin
  /// 1991; Endres and Schindelin 2003). It is a metric.
  ///
  /// - Precondition: both have as many classes.
  public static func jensenShannonDistance(_ one: [Double], _ other: [Double]) -> Double {
    precondition(
      one.count == other.count, "\(one.count) classes cannot be compared with \(other.count)")
    var divergence = 0.0
    for (p, q) in zip(one, other) {
      let middle = (p + q) / 2
      if p > 0 { divergence += p * log2(p / middle) / 2 }
      if q > 0 { divergence += q * log2(q / middle) / 2 }
    }
    return max(0, divergence).squareRoot()
  }

  /// How many hospitals of equal size the patients are spread over as evenly: (Σ n)² / Σ n² (Kish
  /// 1965); 0 where there are no patients.
  public static func effectiveHospitals(sizes: [Int]) -> Double {
    let squares = sizes.reduce(0.0) { $0 + Double($1) * Double($1) }
    let total = Double(sizes.reduce(0, +))
    return squares > 0 ? total * total / squares : 0
  }

  /// The effective sample size where every hospital counts the same: H² / Σ 1 / n, the patients of
  /// whom a plain mean is as certain as the mean of the hospitals' means; 0 if a hospital has none.
  public static func effectivePatients(sizes: [Int]) -> Double {
    guard !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 }) else { return 0 }
    let inverse = sizes.reduce(0.0) { $0 + 1 / Double($1) }
    return Double(sizes.count * sizes.count) / inverse
  }
}
