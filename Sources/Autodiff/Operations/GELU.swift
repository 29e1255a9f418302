internal import Tensors

/// `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))` of every entry, or its first or second derivative.
///
/// Reference: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
struct GELU: Operation {
  /// How many times it is differentiated.
  let order: Int

  func computation(of operands: [Shape]) -> Computation {
    switch order {
    case 0:
      unsafe pointwise(operands[0]) { x, _, result, rows, columns, _, _, _ in
        unsafe Pointwise.map(x, into: result, count: rows * columns, GELU.value)
      }
    case 1:
      unsafe pointwise(operands[0]) { x, _, result, rows, columns, _, _, _ in
        unsafe Pointwise.map(x, into: result, count: rows * columns, GELU.slope)
      }
    default:
      unsafe pointwise(operands[0]) { x, _, result, rows, columns, _, _, _ in
        unsafe Pointwise.map(x, into: result, count: rows * columns, GELU.curvature)
      }
    }
  }

  private func pointwise(_ shape: Shape, _ kernel: Kernel) -> Computation {
    unsafe Computation(shape, worksInPlace: true, kernel: kernel)
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { $0 * slope(at: operands[0]) }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint * slope(at: operands[0])]
  }

  private func slope(at x: Traced) -> Traced {
    if order < 2 { return x.trace.value(of: GELU(order: order + 1), on: x) }
    return GELU.third(x)
  }
}

extension Traced {
  /// The Gaussian error linear unit of every entry, in the tanh form.
  public func gelu() -> Traced { trace.value(of: GELU(order: 0), on: self) }
}

// MARK: Formulas

// With u = k x (1 + m x^2) and t = tanh(u).
extension GELU {
  private static let k: Float = 0.797_884_56
  private static let m: Float = 0.044_715

  private static func value(_ x: Lanes) -> Lanes {
    0.5 * x * (1 + t(x))
  }

  private static func slope(_ x: Lanes) -> Lanes {
    let t = t(x)
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * (k + (3 * k * m) * (x * x))
  }

  private static func curvature(_ x: Lanes) -> Lanes {
    let t = t(x)
    let first = k + (3 * k * m) * (x * x)
    return (1 - t * t) * (first + x * ((3 * k * m) * x - t * first * first))
  }

  private static func t(_ x: Lanes) -> Lanes {
    Exponential.tanh(k * x * (1 + m * (x * x)))
  }

  /// The third derivative, out of operations that can be differentiated without end.
  private static func third(_ x: Traced) -> Traced {
    let square = x.squared()
    let t = (x.scaled(by: k) + (square * x).scaled(by: k * m)).tanh()
    let first = square.scaled(by: 3 * k * m) + x.trace.filled(k, x.shape)
    let fall = t.quadratic(1, 0, -1)
    // d/dx of fall * (first + x (3 k m x - t first^2)), with t' = fall first, first' = 6 k m x.
    let bracket = first + x * (x.scaled(by: 3 * k * m) - t * first.squared())
    let bend =
      x.scaled(by: 12 * k * m) - t * first.squared()
      - x * (fall * first * first.squared() + (t * first * x).scaled(by: 12 * k * m))
    return fall * bend - (t * fall * first * bracket).scaled(by: 2)
  }
}
