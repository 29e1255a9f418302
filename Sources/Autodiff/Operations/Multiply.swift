internal import Tensors

/// The product of two arrays, entry by entry.
struct Multiply: Operation {
  func computation(of operands: [Shape]) -> Computation {
    precondition(
      operands[0] == operands[1] && !operands[0].isTotal,
      "cannot multiply \(operands[0]) by \(operands[1]) entry by entry")
    return unsafe Computation(operands[0], worksInPlace: true) {
      x, y, result, rows, columns, _, _, _ in
      unsafe Pointwise.zip(x, y, into: result, count: rows * columns) { $0 * $1 }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    let parts = [tangents[0].map { $0 * operands[1] }, tangents[1].map { operands[0] * $0 }]
    return parts.compactMap(\.self).sum
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint * operands[1], adjoint * operands[0]]
  }
}

extension Traced {
  /// Entry by entry.
  public static func * (x: Traced, y: Traced) -> Traced {
    if let number = x.filling { return y.scaled(by: number) }
    if let number = y.filling { return x.scaled(by: number) }
    let (x, s) = x.unscaled
    let (y, t) = y.unscaled
    if x.index == y.index { return x.quadratic(0, 0, 1).scaled(by: s * t) }
    let (first, second) = x.index < y.index ? (x, y) : (y, x)
    return x.trace.value(of: Multiply(), on: first, second).scaled(by: s * t)
  }
}

extension [Traced] {
  /// The sum of all; `nil` if there are none.
  var sum: Traced? {
    guard let first else { return nil }
    return dropFirst().reduce(first) { $0 + $1 }
  }
}
