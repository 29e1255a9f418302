import Tensors

/// Kinds of numbers that break summation in floating point.
enum AdversarialNumbers: String, CaseIterable {
  /// Like gradients.
  case normal
  /// From the smallest subnormal number to 1e38.
  case everyExponent
  /// Below the smallest normal number.
  case subnormal
  /// Near the largest finite number, of both signs.
  case huge
  /// Pairs that cancel but for one small number.
  case cancelling
  /// Multiples of half a last bit of 1, which make ties.
  case ties

  /// Draws one `Float` of the kind; `index` tells cancelling pairs apart.
  func draw(_ index: Int, using random: inout RandomStream) -> Float {
    let sign: Float = random.integer(below: 2) == 0 ? 1 : -1
    switch self {
    case .normal: return Float(random.normal())
    case .everyExponent:
      return sign * Float(bitPattern: UInt32(random.integer(below: 0x7F80_0000)))
    case .subnormal: return sign * Float(bitPattern: UInt32(random.integer(below: 0x0080_0000)))
    case .huge: return sign * Float(random.uniform(in: 1e38...3.4e38))
    case .cancelling: return cancelling(index, using: &random)
    case .ties: return index == 0 ? 1 : sign * Float(random.integer(below: 5)) * 0x1p-25
    }
  }

  private func cancelling(_ index: Int, using random: inout RandomStream) -> Float {
    if index == 0 { return Float(random.normal() * 1e-30) }
    let large = Float(3e37) / Float((index - 1) / 2 + 1)
    return index.isMultiple(of: 2) ? -large : large
  }
}
