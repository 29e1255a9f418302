import Glibc
public import Tensors

/// The sine waves of the MAML paper (Finn, Abbeel and Levine 2017): every episode is a wave
/// y = amplitude · sin(frequency · x − phase) of its own, without noise.
public struct SinusoidFamily: Equatable, Sendable {
  /// Where the points lie on which adaptation is judged.
  public enum Points: Sendable {
    /// Drawn uniformly from the range of inputs.
    case random
    /// An even grid over the range of inputs, both ends included.
    case grid
  }

  /// The range of amplitudes.
  public var amplitude: ClosedRange<Double>
  /// The range of phases, in radians.
  public var phase: ClosedRange<Double>
  /// The range of frequencies, in radians per unit of x.
  public var frequency: ClosedRange<Double>
  /// The range of inputs x.
  public var inputs: ClosedRange<Double>
  /// Where the points of judgement lie.
  public var points: Points
  /// How many points adaptation is judged on.
  public var judgedPoints: Int

  /// A family; the defaults are the paper's.
  ///
  /// - Precondition: `judgedPoints` is at least 2.
  public init(
    amplitude: ClosedRange<Double> = 0.1...5, phase: ClosedRange<Double> = 0...(.pi),
    frequency: ClosedRange<Double> = 1...1, inputs: ClosedRange<Double> = -5...5,
    points: Points = .random, judgedPoints: Int = 100
  ) {
    precondition(judgedPoints >= 2, "a wave is judged on 2 points or more, not \(judgedPoints)")
    self.amplitude = amplitude
    self.phase = phase
    self.frequency = frequency
    self.inputs = inputs
    self.points = points
    self.judgedPoints = judgedPoints
  }
}

extension SinusoidFamily: EpisodeSource {
  /// None: every episode makes its own points.
  public var patients: Int? { nil }

  /// A new wave with `support + query` points drawn uniformly from the range of inputs.
  public func trainingEpisode(
    support: Int, query: Int, using random: inout RandomStream
  ) -> Episode {
    let wave = wave(using: &random)
    let supported = examples(of: wave, at: randomPoints(support, using: &random))
    return Episode(
      support: supported, query: examples(of: wave, at: randomPoints(query, using: &random)))
  }

  /// A new wave with `shots` random points, to be judged on ``judgedPoints`` others.
  public func judgingEpisode(shots: Int, using random: inout RandomStream) -> Episode {
    let wave = wave(using: &random)
    let supported = examples(of: wave, at: randomPoints(shots, using: &random))
    let judged =
      switch points {
      case .random: randomPoints(judgedPoints, using: &random)
      case .grid: gridPoints()
      }
    return Episode(support: supported, query: examples(of: wave, at: judged))
  }
}

extension SinusoidFamily {
  private struct Wave {
    let amplitude, phase, frequency: Double
  }

  private func wave(using random: inout RandomStream) -> Wave {
    Wave(
      amplitude: random.uniform(in: amplitude), phase: random.uniform(in: phase),
      frequency: random.uniform(in: frequency))
  }

  private func randomPoints(_ count: Int, using random: inout RandomStream) -> [Double] {
    (0..<count).map { _ in random.uniform(in: inputs) }
  }

  private func gridPoints() -> [Double] {
    let width = inputs.upperBound - inputs.lowerBound
    return (0..<judgedPoints).map {
      inputs.lowerBound + width * Double($0) / Double(judgedPoints - 1)
    }
  }

  private func examples(of wave: Wave, at points: [Double]) -> Examples {
    let values = points.map { wave.amplitude * sin(wave.frequency * $0 - wave.phase) }
    return Examples(
      inputs: Matrix(rows: points.count, columns: 1, scalars: points.map { Float($0) }),
      outcomes: values.map { Float($0) })
  }
}
