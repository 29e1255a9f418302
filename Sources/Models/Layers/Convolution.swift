internal import Autodiff

/// The same affine map onto so many channels of every `width` steps after another, an activation, and perhaps pooling.
///
/// There is a value for each place where the filter fits, so `width - 1` steps fewer. What belongs to no step goes past.
public struct Convolution: Equatable, Sendable {
  /// How steps are pooled.
  public enum Pool: String, CaseIterable, Sendable {
    /// The largest of each channel.
    case max
    /// The mean of each channel.
    case mean
  }

  /// The numbers that come out for a step.
  public var channels: Int
  /// The steps that the filter sees at once.
  public var width: Int
  /// What is applied to every number.
  public var activation: Activation
  /// How steps are pooled; `nil` leaves them.
  public var pool: Pool?
  /// How many steps are pooled into one, the last perhaps of fewer; `nil` pools all, and no sequence is left.
  public var window: Int?

  /// A layer of `channels` filters.
  public init(
    channels: Int, width: Int, activation: Activation, pool: Pool? = nil, window: Int? = nil
  ) {
    precondition(
      channels > 0 && width > 0 && window ?? 1 > 0, "\(channels) filters of \(width) are none")
    self.channels = channels
    self.width = width
    self.activation = activation
    self.pool = pool
    self.window = window
  }
}

extension Convolution: LayerRule {
  /// The places of the filter.
  private func places(in signal: Signal) -> Int {
    precondition(
      signal.steps >= width, "\(signal.steps) steps are fewer than a filter of \(width)")
    return signal.steps - width + 1
  }

  func output(of signal: Signal) -> Signal {
    let places = places(in: signal)
    guard pool != nil else {
      return Signal(steps: places, channels: channels, beside: signal.beside)
    }
    guard let window else { return Signal(beside: channels + signal.beside) }
    return Signal(
      steps: (places + window - 1) / window, channels: channels, beside: signal.beside)
  }

  func tensors(of signal: Signal) -> [ParameterTensor] {
    let inputs = width * signal.channels
    return [.weights(inputs, channels), .shift(inputs, channels)]
  }

  func value(of x: Traced, _ signal: Signal, _ parameters: [Traced]) -> Traced {
    let places = places(in: signal)
    let seen = signal.sequence(of: x)
      .windows(of: width * signal.channels, every: signal.channels)
    let found = activation(
      seen.product(parameters[0]) + parameters[1].repeatedDown(seen.shape.rows))
    let steps = found.joined(places)
    let pooled =
      switch pool {
      case .max: steps.maxPooled(places, by: window ?? places)
      case .mean: steps.meanPooled(places, by: window ?? places)
      case nil: steps
      }
    return signal.besides(pooled, of: x)
  }
}
