import Glibc
import MetaLearning
import Scenarios
import Tensors
import Transports

/// How long things take on the virtual clock, as the scenario's `time` says.
///
/// A reference, so that asking whether there is one copies nothing.
final class Tempo {
  private let experiment: Experiment
  private let plan: TimePlan
  /// Seconds of an episode at a hospital of speed 1.
  private let episode: Double

  /// The tempo of an experiment whose scenario has a `time`.
  ///
  /// - Parameters:
  ///   - experiment: What is run.
  ///   - plan: Its `time`.
  ///   - measured: What an episode takes on this machine, asked for where it matters.
  init(_ experiment: Experiment, _ plan: TimePlan, measured: () throws -> Double) rethrows {
    self.experiment = experiment
    self.plan = plan
    switch plan.compute {
    case .seconds(let seconds): episode = seconds
    case .measured: episode = try measured()
    }
  }

  /// What a hospital computes at an assignment: all episodes of a round, or all of an evaluation.
  ///
  /// To describe features takes no time.
  func computation(of job: Job) -> Duration {
    let scenario = experiment.scenario
    let episodes =
      switch job.turn.phase {
      case .describe: 0
      case .learn: scenario.federation.episodesPerRound
      case .evaluate: scenario.evaluation.episodes * scenario.evaluation.shots.count
      }
    var seconds = Double(episodes) * episode / speed(of: job.hospital)
    if plan.computeSpread > 0 {
      var stream = experiment.timeStream.child("compute").child(job.hospital)
        .child("phase", job.turn.phase.rawValue).child("round", job.turn.round)
      seconds *= exp(plan.computeSpread * stream.normal())
    }
    return .seconds(min(seconds, Self.longest))
  }

  /// What so many bytes take on the link of a hospital, once it is free.
  func transfer(of bytes: Int, _ direction: Letter.Direction, at hospital: String) -> Duration {
    let bandwidth = direction == .toNode ? plan.down[hospital] : plan.up[hospital]
    guard let bandwidth else { return .zero }
    return .seconds(min(8 * Double(bytes) / bandwidth, Self.longest))
  }

  /// What a message travels to or from a hospital.
  func latency(of hospital: String) -> Duration { .seconds(plan.latency[hospital]) }

  private func speed(of hospital: String) -> Double {
    guard plan.speedSpread > 0 else { return plan.speed[hospital] }
    var stream = experiment.timeStream.child("speed").child(hospital)
    return plan.speed[hospital] * exp(plan.speedSpread * stream.normal())
  }

  /// A century: what takes longer is over for no deadline.
  private static let longest = 3_155_760_000.0
}
