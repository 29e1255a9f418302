internal import Autodiff

/// A gated recurrent unit: a state that every step of a sequence may change, from 0 at the earliest.
///
/// With the gates `z = σ(x W_z + h U_z + b_z)` and `r = σ(x W_r + h U_r + b_r)` and the candidate
/// `n = tanh(x W_n + b_n + r ∘ (h U_n))`, the next state is `n + z ∘ (h - n)`. The reset gate acts on the product, as in
/// cuDNN; there is one bias a gate. Tensors: `weight` `[channels, 3 units]` and `bias` for z, r and n side by side,
/// `gates` `[units, 2 units]` (U_z, U_r) and `candidate` `[units, units]` (U_n).
///
/// Reference: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine
/// translation", EMNLP 2014.
public struct GatedRecurrentUnit: Equatable, Sendable {
  /// The numbers of the state.
  public var units: Int
  /// Whether the states after all steps come out, which are a sequence, or only the last.
  public var givesAllStates: Bool

  /// A layer with a state of `units` numbers.
  public init(units: Int, givesAllStates: Bool = false) {
    precondition(units > 0, "a layer is not empty")
    self.units = units
    self.givesAllStates = givesAllStates
  }
}

extension GatedRecurrentUnit: LayerRule {
  func output(of signal: Signal) -> Signal {
    precondition(signal.steps > 0, "a recurrent layer takes a sequence")
    return givesAllStates
      ? Signal(steps: signal.steps, channels: units, beside: signal.beside)
      : Signal(beside: units + signal.beside)
  }

  func tensors(of signal: Signal) -> [ParameterTensor] {
    [
      .weights(signal.channels, 3 * units), .shift(signal.channels, 3 * units),
      .weights(units, 2 * units, named: "gates"), .weights(units, units, named: "candidate"),
    ]
  }

  func value(of x: Traced, _ signal: Signal, _ parameters: [Traced]) -> Traced {
    let steps = signal.sequence(of: x).windows(of: signal.channels, every: signal.channels)
    let driven = (steps.product(parameters[0]) + parameters[1].repeatedDown(steps.shape.rows))
      .joined(signal.steps)
    var states: [Traced] = []
    for step in 0..<signal.steps {
      let here = driven.columns(3 * units * step..<3 * units * (step + 1))
      states.append(state(after: states.last, here, parameters[2], parameters[3]))
    }
    let last = states[states.count - 1]
    let result = givesAllStates ? states[0].beside(Array(states.dropFirst())) : last
    return signal.besides(result, of: x)
  }

  /// The state after a step, for what the step's reading does to both gates and the candidate.
  private func state(
    after state: Traced?, _ driven: Traced, _ gates: Traced, _ candidate: Traced
  ) -> Traced {
    let (both, new) = (driven.columns(0..<2 * units), driven.columns(2 * units..<3 * units))
    guard let state else {
      let kept = both.columns(0..<units).sigmoid()
      let start = new.tanh()
      return start - kept * start
    }
    let open = (both + state.product(gates)).sigmoid()
    let (kept, reset) = (open.columns(0..<units), open.columns(units..<2 * units))
    let next = (new + reset * state.product(candidate)).tanh()
    return next + kept * (state - next)
  }
}
