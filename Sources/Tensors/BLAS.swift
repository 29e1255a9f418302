internal import COpenBLAS

/// Matrix products by OpenBLAS, one thread a process.
public enum BLAS {
  /// Keeps OpenBLAS to one thread; done once, before the first product.
  ///
  /// Hospitals are spread over processes, and threads inside a product would only compete with them;
  /// one thread also means one order of summation, and so the same bits every time.
  public static func useOneThread() { _ = oneThread }

  private static let oneThread: Void = openblas_set_num_threads(1)

  /// The processor whose kernels OpenBLAS has chosen, such as `SkylakeX`.
  ///
  /// OpenBLAS chooses when it is loaded; the environment variable `OPENBLAS_CORETYPE` overrules it.
  public static var kernels: String {
    guard let name = unsafe openblas_get_corename() else { return "unknown" }
    return unsafe String(cString: name)
  }

  /// `result = alpha * left * right + beta * result`, all row-major and contiguous.
  ///
  /// With `beta` zero the old contents of `result` are not read.
  ///
  /// `left` is `[rows, inner]`, or `[inner, rows]` if transposed; `right` is `[inner, columns]`, or
  /// `[columns, inner]` if transposed; `result` is `[rows, columns]` and overlaps neither.
  @inlinable
  public static func product(
    _ left: UnsafePointer<Float>, leftTransposed: Bool,
    _ right: UnsafePointer<Float>, rightTransposed: Bool,
    into result: UnsafeMutablePointer<Float>,
    rows: Int, columns: Int, inner: Int, alpha: Float, beta: Float
  ) {
    unsafe sgemm(
      left, leftTransposed, right, rightTransposed, result, rows, columns, inner, alpha, beta)
  }

  @usableFromInline
  static func sgemm(
    _ left: UnsafePointer<Float>, _ leftTransposed: Bool,
    _ right: UnsafePointer<Float>, _ rightTransposed: Bool,
    _ result: UnsafeMutablePointer<Float>,
    _ rows: Int, _ columns: Int, _ inner: Int, _ alpha: Float, _ beta: Float
  ) {
    unsafe cblas_sgemm(
      CblasRowMajor,
      leftTransposed ? CblasTrans : CblasNoTrans, rightTransposed ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner),
      alpha, left, Int32(leftTransposed ? rows : inner),
      right, Int32(rightTransposed ? inner : columns),
      beta, result, Int32(columns))
  }
}
