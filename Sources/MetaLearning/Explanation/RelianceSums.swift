/// On which features a model relies, before and after adaptation: sums over the examples of query sets.
///
/// Sums travel; quotients are taken at the end.
public struct RelianceSums: Codable, Equatable, Sendable {
  /// How far it relies on one feature.
  public struct Feature: Codable, Equatable, Sendable {
    /// By how much losses grow when the feature is shuffled, before adaptation.
    public var permutationBefore = 0.0
    /// The same after adaptation.
    public var permutationAfter = 0.0
    /// The magnitudes of integrated gradients, before adaptation.
    public var attributionBefore = 0.0
    /// The same after adaptation.
    public var attributionAfter = 0.0
  }

  /// Examples that were explained.
  public var explained: Double
  /// One element a feature, in the order of the inputs.
  public var features: [Feature]

  /// The sums over no examples, of so many features.
  public init(features: Int) {
    explained = 0
    self.features = Array(repeating: Feature(), count: features)
  }
}

extension RelianceSums {
  /// The numbers of each feature.
  public static let count = 4

  /// The sums of all features, in the order of the properties: the form in which they travel, beside
  /// ``explained``.
  public var numbers: [Double] { features.flatMap(\.numbers) }

  /// Reads what ``numbers`` wrote.
  ///
  /// - Precondition: there are ``count`` of each feature.
  public init(explained: Double, numbers: some Collection<Double>) {
    precondition(
      numbers.count.isMultiple(of: Self.count),
      "\(numbers.count) numbers are not \(Self.count) of each feature")
    let n = Array(numbers)
    self.explained = explained
    features = stride(from: 0, to: n.count, by: Self.count).map { start in
      Feature(
        permutationBefore: n[start], permutationAfter: n[start + 1],
        attributionBefore: n[start + 2], attributionAfter: n[start + 3])
    }
  }

  /// The means over the examples; `nil` where there were none.
  public var means: [Feature]? {
    guard explained > 0 else { return nil }
    return RelianceSums(explained: 1, numbers: numbers.map { $0 / explained }).features
  }

  /// The sums of both.
  public static func + (left: Self, right: Self) -> Self {
    RelianceSums(
      explained: left.explained + right.explained,
      numbers: zip(left.numbers, right.numbers).map { $0 + $1 })
  }
}

extension RelianceSums.Feature {
  fileprivate var numbers: [Double] {
    [permutationBefore, permutationAfter, attributionBefore, attributionAfter]
  }
}
