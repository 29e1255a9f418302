import Models

/// How large a step each parameter takes in the inner loop, and what of that is learnt.
///
/// What is learnt lies in the meta-parameters after those of the network.
public enum InnerRates: Equatable, Sendable {
  /// The rates are given, one for each parameter, and nothing is learnt.
  case fixed([Float])
  /// One rate for all parameters and steps.
  case single
  /// A rate for each tensor (weights or biases of a layer) and each of so many steps, step by step.
  case perTensor(steps: Int)
  /// A rate for each parameter, the same in all steps.
  case perParameter
}

/// Inner rates of a network: where they are, and where their derivatives go.
struct RateLayout {
  let rates: InnerRates
  private let tensors: [Range<Int>]
  private let parameterCount: Int

  init(_ rates: InnerRates, of network: Network) {
    self.rates = rates
    tensors = network.tensors
    parameterCount = network.parameterCount
    switch rates {
    case .fixed(let rates):
      precondition(
        rates.count == parameterCount,
        "\(rates.count) rates do not fit \(parameterCount) parameters")
    case .perTensor(let steps): precondition(steps > 0, "rates of \(steps) steps are none")
    case .single, .perParameter: break
    }
  }

  /// How many numbers are learnt.
  var learntCount: Int {
    switch rates {
    case .fixed: 0
    case .single: 1
    case .perTensor(let steps): steps * tensors.count
    case .perParameter: parameterCount
    }
  }

  /// The place of the first learnt rate of a tensor in a step; beyond the last step, in that.
  private func first(_ step: Int, _ steps: Int) -> Int {
    parameterCount + min(step, steps - 1) * tensors.count
  }

  /// Writes the rate of every parameter in a step.
  func write(_ vector: inout [Float], of step: Int, from parameters: [Float]) {
    switch rates {
    case .fixed(let rates): vector.take(rates)
    case .single: vector.fill(parameters[parameterCount])
    case .perTensor(let steps):
      let first = first(step, steps)
      for (tensor, range) in tensors.enumerated() {
        vector.fill(parameters[first + tensor], in: range)
      }
    case .perParameter: vector.take(parameters, from: parameterCount)
    }
  }

  /// Subtracts `velocity ∘ adjoint`, summed over what shares a rate, from the derivative by the rates.
  func collect(
    _ velocity: [Float], _ adjoint: [Float], of step: Int, into gradient: inout [Float]
  ) {
    switch rates {
    case .fixed: break
    case .single:
      gradient[parameterCount] -= Float(velocity.dot(adjoint))
    case .perTensor(let steps):
      let first = first(step, steps)
      for (tensor, range) in tensors.enumerated() {
        gradient[first + tensor] -= Float(velocity.dot(adjoint, in: range))
      }
    case .perParameter:
      gradient.update(in: parameterCount..<2 * parameterCount, velocity, adjoint) { $0 - $1 * $2 }
    }
  }
}
