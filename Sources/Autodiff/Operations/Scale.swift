internal import Tensors

/// An array times a constant.
struct Scale: Operation {
  let factor: Float

  func computation(of operands: [Shape]) -> Computation {
    guard !operands[0].isTotal else {
      return unsafe Computation(.total, factors: (factor, 0), worksInPlace: true) {
        x, _, result, _, _, _, factor, _ in
        unsafe result.storeTotal(Double(factor) * x.loadTotal())
      }
    }
    return unsafe Computation(operands[0], factors: (factor, 0), worksInPlace: true) {
      x, _, result, rows, columns, _, factor, _ in
      unsafe Pointwise.map(x, into: result, count: rows * columns) { factor * $0 }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.scaled(by: factor)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.scaled(by: factor)]
  }
}

extension Traced {
  /// Every entry times `factor`.
  public func scaled(by factor: Float) -> Traced {
    if factor == 1 { return self }
    if let number = filling { return trace.filled(factor * number, shape) }
    if factor == 0 { return trace.filled(0, shape) }
    let (operand, inner) = unscaled
    if inner != 1 { return operand.scaled(by: inner * factor) }
    return trace.value(of: Scale(factor: factor), on: self)
  }

  /// The value and factor it is a product of.
  var unscaled: (operand: Traced, factor: Float) {
    guard let scale = origin(Scale.self) else { return (self, 1) }
    return (scale.operands[0], scale.operation.factor)
  }
}
