internal import Tensors

/// `max(x, 0)` of every entry.
struct ReLU: Operation {
  func computation(of operands: [Shape]) -> Computation {
    unsafe Computation(operands[0], worksInPlace: true) { x, _, result, rows, columns, _, _, _ in
      unsafe Pointwise.map(x, into: result, count: rows * columns) {
        $0.masked(by: $0)
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.gated(by: value)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.gated(by: value)]
  }
}

/// The second operand where the first is positive, otherwise 0.
///
/// Its derivative with respect to the first is zero: so a second derivative of relu costs nothing.
struct Gate: Operation {
  func computation(of operands: [Shape]) -> Computation {
    precondition(operands[0] == operands[1], "cannot gate \(operands[1]) by \(operands[0])")
    return unsafe Computation(operands[1], worksInPlace: true) {
      gate, x, result, rows, columns, _, _, _ in
      unsafe Pointwise.zip(gate, x, into: result, count: rows * columns) { gate, x in
        x.masked(by: gate)
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[1]?.gated(by: operands[0])
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [nil, adjoint.gated(by: operands[0])]
  }
}

extension Traced {
  /// `max(x, 0)` of every entry; its derivative at 0 is 0.
  public func relu() -> Traced { trace.value(of: ReLU(), on: self) }

  /// The entries where `gate` is positive, otherwise 0.
  func gated(by gate: Traced) -> Traced {
    if filling == 0 { return self }
    return trace.value(of: Gate(), on: gate, self)
  }
}

extension Lanes {
  /// The lanes where `gate` is positive, otherwise 0.
  ///
  /// Signs are looked at as bits: comparisons of lanes are not compiled to single instructions.
  @inline(__always)
  fileprivate func masked(by gate: Lanes) -> Lanes {
    typealias Bits = SIMD8<Int32>
    let gate = unsafe unsafeBitCast(gate, to: Bits.self)
    let isPositive = ~(gate &>> 31) & ((0 &- gate) &>> 31)
    return unsafe unsafeBitCast(unsafeBitCast(self, to: Bits.self) & isPositive, to: Lanes.self)
  }
}
