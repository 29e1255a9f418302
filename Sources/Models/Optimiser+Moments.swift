#if canImport(Glibc)
  import Glibc
#endif

extension Optimiser {
  /// One step of Adam.
  mutating func adam(
    _ parameters: inout [Float], along gradient: [Float], _ rate: Double, _ beta1: Double,
    _ beta2: Double, _ epsilon: Double
  ) {
    updateMoments(with: gradient, beta1: beta1, beta2: beta2)
    let first = rate / (1 - pow(beta1, Double(steps)))
    let second = 1 / (1 - pow(beta2, Double(steps)))
    descendAlongMoments(&parameters, first: first, second: second, epsilon: epsilon)
  }

  // The complements are taken in `Double`: in `Float`, 1 - 0.999 alone has an error of 1e-5.
  private mutating func updateMoments(with gradient: [Float], beta1: Double, beta2: Double) {
    let (decay1, share1) = (Float(beta1), Float(1 - beta1))
    let (decay2, share2) = (Float(beta2), Float(1 - beta2))
    for index in gradient.indices {
      let g = gradient[index]
      firstMoment[index] = decay1 * firstMoment[index] + share1 * g
      secondMoment[index] = decay2 * secondMoment[index] + share2 * g * g
    }
  }

  func descendAlongMoments(
    _ parameters: inout [Float], first: Double, second: Double, epsilon: Double
  ) {
    let (first, second, epsilon) = (Float(first), Float(second), Float(epsilon))
    for index in parameters.indices {
      let spread = (secondMoment[index] * second).squareRoot() + epsilon
      parameters[index] -= first * firstMoment[index] / spread
    }
  }
}
