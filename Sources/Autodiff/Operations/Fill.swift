/// An array of one number.
struct Fill: Operation {
  let number: Float
  let shape: Shape

  func computation(of operands: [Shape]) -> Computation {
    guard !shape.isTotal else {
      return unsafe Computation(shape, factors: (number, 0)) { _, _, result, _, _, _, number, _ in
        unsafe result.storeTotal(Double(number))
      }
    }
    return unsafe Computation(shape, factors: (number, 0)) {
      _, _, result, rows, columns, _, number, _ in
      for i in 0..<rows * columns { unsafe result[i] = number }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? { nil }
  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] { [] }
}

extension Trace {
  /// An array of one number.
  public func filled(_ number: Float, _ shape: Shape) -> Traced {
    value(of: Fill(number: number, shape: shape))
  }
}

extension Traced {
  /// The number that fills it, if it is known to be filled with one.
  var filling: Float? { origin(Fill.self)?.operation.number }
}

extension UnsafeMutablePointer<Float> {
  /// Writes a total, which takes the place of two entries.
  func storeTotal(_ total: Double) {
    unsafe UnsafeMutableRawPointer(self).storeBytes(of: total, as: Double.self)
  }
}

extension UnsafePointer<Float> {
  /// Reads a total, which takes the place of two entries.
  func loadTotal() -> Double {
    unsafe UnsafeRawPointer(self).loadUnaligned(as: Double.self)
  }
}
