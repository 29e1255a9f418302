internal import Tensors

/// `a x + b y`: addition, subtraction.
struct LinearCombination: Operation {
  let a: Float
  let b: Float

  func computation(of operands: [Shape]) -> Computation {
    precondition(
      operands[0] == operands[1], "cannot add \(operands[1]) to \(operands[0]): the shapes differ")
    guard !operands[0].isTotal else { return totals }
    return unsafe Computation(operands[0], factors: (a, b), worksInPlace: true) {
      x, y, result, rows, columns, _, a, b in
      unsafe Pointwise.zip(x, y, into: result, count: rows * columns) { a * $0 + b * $1 }
    }
  }

  private var totals: Computation {
    unsafe Computation(.total, factors: (a, b), worksInPlace: true) { x, y, result, _, _, _, a, b in
      unsafe result.storeTotal(Double(a) * x.loadTotal() + Double(b) * y.loadTotal())
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    switch (tangents[0], tangents[1]) {
    case (let x?, let y?): x.combined(a, y, b)
    case (let x?, nil): x.scaled(by: a)
    case (nil, let y?): y.scaled(by: b)
    case (nil, nil): nil
    }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.scaled(by: a), adjoint.scaled(by: b)]
  }
}

extension Traced {
  /// `a * self + b * other`.
  func combined(_ a: Float, _ other: Traced, _ b: Float) -> Traced {
    if index == other.index { return scaled(by: a + b) }
    if filling == 0 { return other.scaled(by: b) }
    if other.filling == 0 { return scaled(by: a) }
    let (x, s) = unscaled
    let (y, t) = other.unscaled
    if x.index == y.index { return x.scaled(by: a * s + b * t) }
    return trace.value(of: LinearCombination(a: a * s, b: b * t), on: x, y)
  }

  /// Entry by entry.
  public static func + (x: Traced, y: Traced) -> Traced { x.combined(1, y, 1) }
  /// Entry by entry.
  public static func - (x: Traced, y: Traced) -> Traced { x.combined(1, y, -1) }
}
