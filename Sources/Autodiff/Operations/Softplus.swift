#if canImport(Glibc)
  internal import Glibc
#endif

/// `log(1 + exp(x))` of every entry, without overflow.
///
/// One libm call a number: it serves losses, which have one entry an example.
struct Softplus: Operation {
  func computation(of operands: [Shape]) -> Computation {
    unsafe Computation(operands[0], worksInPlace: true) { x, _, result, rows, columns, _, _, _ in
      for i in 0..<rows * columns {
        let entry = unsafe x[i]
        unsafe result[i] = max(entry, 0) + log1pf(expf(-abs(entry)))
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { $0 * operands[0].sigmoid() }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint * operands[0].sigmoid()]
  }
}

extension Traced {
  /// `log(1 + exp(x))` of every entry.
  public func softplus() -> Traced { trace.value(of: Softplus(), on: self) }
}
