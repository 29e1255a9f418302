internal import Tensors

/// `a + b x + c x^2` of every entry: squares, and the derivatives of tanh and the logistic function
/// in terms of their values.
struct Quadratic: Operation {
  let a: Float
  let b: Float
  let c: Float

  func computation(of operands: [Shape]) -> Computation {
    // The kernel takes two factors: a + c (x^2 + (b / c) x) would round, so there are two kernels.
    if a == 0 { return factored(operands[0]) }
    precondition(b == 0, "a quadratic has no constant or no linear term")
    return unsafe Computation(operands[0], factors: (a, c), worksInPlace: true) {
      x, _, result, rows, columns, _, a, c in
      unsafe Pointwise.map(x, into: result, count: rows * columns) { a + c * $0 * $0 }
    }
  }

  private func factored(_ shape: Shape) -> Computation {
    unsafe Computation(shape, factors: (b, c), worksInPlace: true) {
      x, _, result, rows, columns, _, b, c in
      unsafe Pointwise.map(x, into: result, count: rows * columns) { $0 * (b + c * $0) }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { $0 * slope(at: operands[0]) }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint * slope(at: operands[0])]
  }

  private func slope(at x: Traced) -> Traced { x.quadratic(b, 2 * c, 0) }
}

extension Traced {
  /// `a + b x + c x^2` of every entry.
  func quadratic(_ a: Float, _ b: Float, _ c: Float) -> Traced {
    if c == 0 {
      return trace.filled(a, shape).combined(1, scaled(by: b), 1)
    }
    if a != 0 && b != 0 {
      return trace.filled(a, shape).combined(1, quadratic(0, b, c), 1)
    }
    return trace.value(of: Quadratic(a: a, b: b, c: c), on: self)
  }

  /// The square of every entry.
  public func squared() -> Traced { quadratic(0, 0, 1) }
}
