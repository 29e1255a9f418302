public import Models

#if canImport(Glibc)
  import Glibc
#endif

/// ARUBA: how far each parameter moves while adapting, and how steep its gradients are, tell the rate at
/// which it should adapt.
///
/// Meta-parameters: phi, then the sums `b` of squared moves and `g` of squared gradients, `3 P` numbers. An
/// episode descends on its support set, `theta <- theta - sqrt(b / g) ∘ grad`, and reports the move back
/// `phi - theta_K`, its square and the sum of the squared gradients, which ``MetaUpdate`` adds up.
///
/// Cost: `K` gradients and two query losses, and a root for every parameter where the sums are others than those
/// of the episode before, which is once a round. Memory: a few parameter vectors whatever `K` is.
///
/// Reference: Khodak, Balcan and Talwalkar, "Adaptive gradient-based meta-learning methods", NeurIPS 2019,
/// and its code.
public final class ARUBA: MetaAlgorithm {
  /// The sums that the rates are made of, and how they grow.
  public struct Sums: Equatable, Sendable {
    /// The root of what every `b` starts from.
    public var epsilon: Double
    /// The root of what every `g` starts from; the first rate is `epsilon / zeta`.
    public var zeta: Double
    /// How fast what is added in every round beside the sums themselves dies out.
    public var power: Double

    /// Sums that start at the squares of these.
    public init(epsilon: Double = 1, zeta: Double = 1, power: Double = 1) {
      self.epsilon = epsilon
      self.zeta = zeta
      self.power = power
    }

    /// Adds what a round's hospitals have sent: `b += sum delta^2 / 2 + epsilon^2 / (t + 1)^p` and
    /// `g += sum grad^2 + zeta^2 / (t + 1)^p`, where `t` counts the rounds from 1.
    ///
    /// The authors' code counts tasks, which are here as many as hospitals in a round.
    func grow(_ parameters: inout [Float], by mean: [Float], contributors: Int, round: Int) {
      let count = parameters.count / 3
      let share = 1 / pow(Double(round + 1), power)
      let (b, g) = (Float(epsilon * epsilon * share), Float(zeta * zeta * share))
      let contributors = Float(contributors)
      for index in count..<2 * count { parameters[index] += contributors * mean[index] / 2 + b }
      for index in 2 * count..<3 * count { parameters[index] += contributors * mean[index] + g }
    }
  }

  /// The number of inner steps.
  public let steps: Int
  /// The sums that the rates are made of.
  public let sums: Sums
  /// Whether all parameters share one rate, made of the sums over all.
  public let isIsotropic: Bool

  private let programs: NetworkPrograms
  private var position: [Float]
  private var gradient: [Float]
  private var rates: [Float]
  /// The sums that the rates were made of: they are the same for all episodes of a round.
  private var known: [Float]

  /// ARUBA for a network, with its programs.
  public init(network: Network, steps: Int, sums: Sums = Sums(), isIsotropic: Bool = false) {
    self.steps = steps
    self.sums = sums
    self.isIsotropic = isIsotropic
    programs = NetworkPrograms(network)
    position = .zeros(network.parameterCount)
    gradient = position
    rates = position
    // Equal to no sums: the first rates are made.
    known = Array(repeating: .nan, count: 2 * position.count)
  }

  /// The number of meta-parameters, and of numbers that are sent: three times the network's.
  public var parameterCount: Int { 3 * position.count }

  /// The meta-parameters before learning: phi, then what the sums start from.
  public func initialParameters(from theta: [Float]) -> [Float] {
    let (b, g) = (Float(sums.epsilon * sums.epsilon), Float(sums.zeta * sums.zeta))
    return theta + Array(repeating: b, count: theta.count) + Array(repeating: g, count: theta.count)
  }

  /// Overwrites `gradient` with the move back, its square, and the sum of squared gradients.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into contribution: inout [Float]
  ) -> EpisodeLosses {
    precondition(
      parameters.count == parameterCount && contribution.count == parameterCount,
      "there are \(parameterCount) meta-parameters, not \(parameters.count)")
    let count = position.count
    position.take(parameters)
    if !parameters.holds(known, at: count) {
      known.take(parameters, from: count)
      Self.write(&rates, from: parameters, isIsotropic: isIsotropic)
    }
    let before = programs.loss(at: position, on: episode.query)
    if steps == 0 { contribution.fill(0, in: 2 * count..<3 * count) }
    for step in 0..<steps {
      programs.gradient(at: position, on: episode.support, into: &gradient)
      position.descend(
        along: gradient, at: rates, addingSquaresTo: &contribution, from: 2 * count,
        beginning: step == 0)
    }
    contribution.putMove(from: parameters, to: position)
    return EpisodeLosses(before: before, after: programs.loss(at: position, on: episode.query))
  }

  /// Writes the rates that meta-parameters say: `sqrt(b / g)`, or the same of the sums over all.
  static func write(_ rates: inout [Float], from parameters: [Float], isIsotropic: Bool) {
    let count = rates.count
    guard isIsotropic else {
      return rates.update(parameters, from: count, parameters, at: 2 * count) { _, b, g in
        (b / g).squareRoot()
      }
    }
    var (b, g) = (0.0, 0.0)
    for index in 0..<count {
      b += Double(parameters[count + index])
      g += Double(parameters[2 * count + index])
    }
    rates.fill(Float((b / g).squareRoot()))
  }
}
