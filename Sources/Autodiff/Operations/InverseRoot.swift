internal import Tensors

/// One over the square root of every entry.
struct InverseRoot: Operation {
  func computation(of operands: [Shape]) -> Computation {
    unsafe Computation(operands[0], worksInPlace: true) { x, _, result, rows, columns, _, _, _ in
      unsafe Pointwise.map(x, into: result, count: rows * columns) { 1 / $0.squareRoot() }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { $0 * slope(value) }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint * slope(value)]
  }

  private func slope(_ value: Traced) -> Traced { (value * value.squared()).scaled(by: -0.5) }
}

extension Traced {
  /// One over the square root of every entry, which is above 0.
  public func inverseRoot() -> Traced { trace.value(of: InverseRoot(), on: self) }
}
