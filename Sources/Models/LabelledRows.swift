/// Examples as a network's programs read them, in the memory of whoever holds them.
///
/// Costs nothing to make; valid as long as both pointers are.
@safe public struct LabelledRows {
  /// `[rows, network.inputs]`, row by row.
  public let inputs: UnsafeBufferPointer<Float>
  /// `[rows, network.outputs]`, row by row, in the form that the network's ``Loss`` asks for.
  public let targets: UnsafeBufferPointer<Float>
  /// The number of examples.
  public let rows: Int

  /// Borrows both buffers.
  ///
  /// - Precondition: there is at least one row, and both buffers hold whole rows.
  public init(
    inputs: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, rows: Int
  ) {
    precondition(
      rows > 0 && inputs.count.isMultiple(of: rows) && targets.count.isMultiple(of: rows),
      "inputs and targets hold whole rows, at least one")
    unsafe self.inputs = unsafe inputs
    unsafe self.targets = unsafe targets
    self.rows = rows
  }
}
