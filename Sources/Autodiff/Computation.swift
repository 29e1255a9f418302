/// The code of an operation: left operand, right operand, result, then rows, columns, inner length
/// and two factors, whose meaning is the operation's own.
///
/// A C function pointer, so that calling it counts no references. Missing operands are the result.
public typealias Kernel =
  @convention(c) (
    UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, Int, Float,
    Float
  ) -> Void

/// How an operation computes its value: what the planner needs to place it and the executor to run it.
@safe public struct Computation {
  /// The shape of the value.
  public var shape: Shape
  /// What to run.
  public var kernel: Kernel
  /// The first number for the kernel, usually a number of rows.
  public var rows: Int
  /// The second number for the kernel, usually a number of columns.
  public var columns: Int
  /// The third number for the kernel.
  public var inner: Int
  /// The two factors for the kernel.
  public var factors: (Float, Float)
  /// Whether the result may take the place of an operand that nobody needs any more.
  public var worksInPlace: Bool
  /// Which operand the kernel adds to: its value is put in the result's place before the kernel runs.
  public var accumulatesOnto: Int?

  /// A value of `shape`; the kernel is told the rows and columns of that unless others are given.
  public init(
    _ shape: Shape, rows: Int? = nil, columns: Int? = nil, inner: Int = 0,
    factors: (Float, Float) = (1, 0), worksInPlace: Bool = false, accumulatesOnto: Int? = nil,
    kernel: Kernel
  ) {
    self.shape = shape
    unsafe self.kernel = kernel
    self.rows = rows ?? shape.rows
    self.columns = columns ?? shape.columns
    self.inner = inner
    self.factors = factors
    self.worksInPlace = worksInPlace
    self.accumulatesOnto = accumulatesOnto
  }
}
