/// One kind of step of a program, and all that anyone needs to know of it.
///
/// A new operation is a type of its own with these three rules, and nothing else changes. The rules
/// are written with traced values, so what they state can be differentiated again.
public protocol Operation: Hashable, Sendable {
  /// How the value is computed from operands of these shapes.
  func computation(of operands: [Shape]) -> Computation

  /// The derivative of the value along `tangents`, where `nil` is zero.
  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced?

  /// What `adjoint`, the derivative of something with respect to the value, contributes to the
  /// derivative with respect to each operand, where `nil` is zero.
  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?]
}
