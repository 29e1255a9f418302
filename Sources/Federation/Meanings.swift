import Transports

/// The tensors that assignments and answers carry, by the names they have on the wire.
enum Meaning {
  static let parameters = "meta-parameters"
  static let featureMean = "feature-mean"
  static let featureScale = "feature-scale"
  static let featureCount = "feature-count"
  static let featureSum = "feature-sum"
  static let featureSquareSum = "feature-square-sum"
  static let metaGradientSum = "meta-gradient-sum"
  static let losses = "losses"
  static let residuals = "residuals"
  static let metrics = "metrics"
  static let choices = "choices"
  static let explained = "explained"
  static let reliance = "reliance"
  static let patients = "patients"
  static let lastCounted = "last-counted"
  static let onsets = "onsets"
}

extension Tensor {
  /// A vector of `Float`.
  static func floats(_ meaning: String, _ numbers: [Float]) -> Tensor {
    Tensor(
      meaning: meaning, scalar: .float32, shape: [numbers.count], frame: Frame(floats: numbers))
  }

  /// Numbers in double precision; a vector unless another shape is given.
  static func doubles(_ meaning: String, _ numbers: [Double], shape: [Int]? = nil) -> Tensor {
    Tensor(
      meaning: meaning, scalar: .float64, shape: shape ?? [numbers.count],
      frame: Frame(doubles: numbers))
  }
}

extension [Tensor] {
  /// The tensor of this meaning, type and shape.
  func tensor(
    _ meaning: String, _ scalar: Tensor.Scalar, shape: [Int]
  ) throws(UnfitAnswer) -> Tensor {
    guard let found = first(where: { $0.meaning == meaning }) else {
      throw UnfitAnswer("it lacks the tensor \(meaning)")
    }
    guard found.scalar == scalar, found.shape == shape else {
      throw UnfitAnswer(
        "its tensor \(meaning) is \(found.scalar) \(found.shape); accepted is \(scalar) \(shape)")
    }
    return found
  }

  /// Numbers in double precision of this meaning and shape.
  func doubles(_ meaning: String, shape: [Int]) throws(UnfitAnswer) -> [Double] {
    try tensor(meaning, .float64, shape: shape).frame.doubles()
  }

  /// Numbers of this meaning and shape that can be summed: none is infinite or not a number.
  func finiteDoubles(_ meaning: String, shape: [Int]) throws(UnfitAnswer) -> [Double] {
    let numbers = try doubles(meaning, shape: shape)
    guard numbers.allSatisfy(\.isFinite) else {
      throw UnfitAnswer(
        "its tensor \(meaning) holds numbers that are not finite", isDivergence: true)
    }
    return numbers
  }

  /// A whole number of this meaning that is no less than zero.
  func count(_ meaning: String) throws(UnfitAnswer) -> Int {
    let number = try doubles(meaning, shape: [1])[0]
    guard let count = Int(exactly: number), count >= 0 else {
      throw UnfitAnswer("its tensor \(meaning) is \(number); accepted are whole numbers from 0")
    }
    return count
  }
}
