internal import Tensors

/// The hyperbolic tangent of every entry.
struct Tanh: Operation {
  func computation(of operands: [Shape]) -> Computation {
    unsafe Computation(operands[0], worksInPlace: true) { x, _, result, rows, columns, _, _, _ in
      unsafe Pointwise.map(x, into: result, count: rows * columns, Exponential.tanh)
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { $0 * value.quadratic(1, 0, -1) }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint * value.quadratic(1, 0, -1)]
  }
}

extension Traced {
  /// The hyperbolic tangent of every entry.
  public func tanh() -> Traced { trace.value(of: Tanh(), on: self) }
}
