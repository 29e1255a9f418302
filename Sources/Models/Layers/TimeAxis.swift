internal import Autodiff

/// Which inputs of a network are readings over time: so many steps one after another, each of so many channels.
public struct TimeAxis: Equatable, Sendable {
  /// The first of the inputs that are readings.
  public var first: Int
  /// The number of steps.
  public var steps: Int
  /// The readings of a step.
  public var channels: Int
  /// Whether the latest step comes first among the inputs, and not the earliest.
  public var isLatestFirst: Bool

  /// Readings from input `first` on.
  public init(first: Int, steps: Int, channels: Int = 1, isLatestFirst: Bool) {
    precondition(
      first >= 0 && steps > 0 && channels > 0, "\(steps) steps of \(channels) readings are none")
    self.first = first
    self.steps = steps
    self.channels = channels
    self.isLatestFirst = isLatestFirst
  }
}

extension TimeAxis {
  /// The inputs of a step.
  private func columns(of step: Int) -> Range<Int> {
    first + step * channels..<first + (step + 1) * channels
  }

  /// What layers are given: the readings from the earliest on, and then all other inputs.
  func signal(of inputs: Int) -> Signal {
    precondition(
      columns(of: steps - 1).upperBound <= inputs, "\(inputs) inputs are fewer than that")
    return Signal(steps: steps, channels: channels, beside: inputs - steps * channels)
  }

  /// The inputs of examples in that order.
  func arranged(_ x: Traced) -> Traced {
    let order = isLatestFirst ? Array((0..<steps).reversed()) : Array(0..<steps)
    let others = [0..<first, columns(of: steps - 1).upperBound..<x.shape.columns]
    let parts = (order.map(columns(of:)) + others.filter { !$0.isEmpty }).map(x.columns)
    return parts[0].beside(Array(parts.dropFirst()))
  }
}

extension Signal {
  /// The steps of examples.
  func sequence(of x: Traced) -> Traced { x.columns(0..<steps * channels) }

  /// `value`, and beside it what belongs to no step.
  func besides(_ value: Traced, of x: Traced) -> Traced {
    beside == 0 ? value : value.beside([x.columns(steps * channels..<width)])
  }
}
