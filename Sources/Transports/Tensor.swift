/// Numbers on their way: a meaning, a shape, and little-endian bytes.
public struct Tensor: Equatable, Sendable {
  /// The type of the numbers.
  public enum Scalar: Int, CaseIterable, Sendable {
    case float32 = 1
    case float64 = 2
    case int64 = 3

    /// The bytes that one number takes.
    public var width: Int { self == .float32 ? 4 : 8 }
  }

  /// What the numbers are, such as `meta-gradient`.
  public var meaning: String
  /// The type of the numbers.
  public var scalar: Scalar
  /// The extents; their product is the count of numbers.
  public var shape: [Int]
  /// The power of two that whole numbers count in; 0 for other numbers.
  public var exponent: Int
  /// The numbers, little-endian, the last extent varying fastest.
  public var frame: Frame

  /// Takes the parts as they are.
  public init(meaning: String, scalar: Scalar, shape: [Int], exponent: Int = 0, frame: Frame) {
    self.meaning = meaning
    self.scalar = scalar
    self.shape = shape
    self.exponent = exponent
    self.frame = frame
  }
}
