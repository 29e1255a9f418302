internal import Tensors

/// The logistic function of every entry.
struct Sigmoid: Operation {
  func computation(of operands: [Shape]) -> Computation {
    unsafe Computation(operands[0], worksInPlace: true) { x, _, result, rows, columns, _, _, _ in
      unsafe Pointwise.map(x, into: result, count: rows * columns, Exponential.sigmoid)
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { $0 * value.quadratic(0, 1, -1) }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint * value.quadratic(0, 1, -1)]
  }
}

extension Traced {
  /// The logistic function `1 / (1 + exp(-x))` of every entry.
  public func sigmoid() -> Traced { trace.value(of: Sigmoid(), on: self) }
}
