/// The shape of an array in a program: rows and columns, or a single wide number.
public struct Shape: Hashable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// Whether this is one number kept in `Double`: a total, such as a loss.
  public let isTotal: Bool

  /// A row-major array of `Float`.
  public init(_ rows: Int, _ columns: Int) {
    precondition(rows > 0 && columns > 0, "a shape has positive sides, not [\(rows), \(columns)]")
    self.rows = rows
    self.columns = columns
    isTotal = false
  }

  private init(total: Void) {
    rows = 1
    columns = 1
    isTotal = true
  }

  /// One number kept in `Double`.
  public static let total = Shape(total: ())

  /// The number of entries.
  public var count: Int { rows * columns }

  /// The memory an array of this shape takes, in units of `Float`.
  var extent: Int { isTotal ? 2 : count }
}
