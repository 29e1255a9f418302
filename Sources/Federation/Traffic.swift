import Scenarios
import Transports

/// Bytes that were sent, each way: envelopes and numbers.
public struct Traffic: Codable, Equatable, Sendable {
  /// Those that were sent to hospitals.
  public var down: Int
  /// Those that hospitals sent.
  public var up: Int

  /// Takes the counts as they are.
  public init(down: Int = 0, up: Int = 0) {
    self.down = down
    self.up = up
  }

  /// The bytes of both together.
  public static func + (left: Self, right: Self) -> Self {
    Self(down: left.down + right.down, up: left.up + right.up)
  }
}

/// Counts what training sends, round by round, from what the journal tells of them.
///
/// An answer counts, and the assignment that it answers, with the bytes that they have between the
/// coordinator and a node of that hospital alone. So the count is the same for any engine, any number of
/// processes and any tree of regions, and a run that is gone on with has the count of one that was not
/// left. What was sent in vain or again, what judging takes, greetings and farewells are no part of it.
///
/// Two things the journal leaves open: late answers have no names in it, and count as those of the
/// first hospital that trains; and where hospitals count by their patients, an answer counts as one of
/// the mean number of them, which may be a byte off.
public struct TrafficCount: Sendable {
  /// What was counted so far.
  public private(set) var total = Traffic()
  private let description: Exchange
  private let learning: Exchange
  private let first: String
  private let countsByPatients: Bool
  /// By the length of a hospital's name, in the round that is counted.
  private var sizes: [Int: Traffic] = [:]

  /// Nothing yet, of a run of an experiment.
  public init(of experiment: Experiment) {
    description = Exchange(.describe, of: experiment)
    learning = Exchange(.learn, of: experiment)
    first = experiment.training.first ?? ""
    countsByPatients = experiment.scenario.algorithm.weighting == .patients
  }

  /// Counts a round that is over; round 0 is that in which features are described.
  public mutating func note(_ round: RoundRecord) {
    sizes = [:]
    let exchange = round.round == 0 ? description : learning
    let mean = countsByPatients ? round.episodes / max(1, round.answered.count) : nil
    for hospital in round.answered {
      total = total + traffic(of: hospital, exchange, round.round, episodes: mean)
    }
    for declined in round.declined {
      let answer = exchange.bytesUp(from: declined, in: round.round)
      let question = exchange.bytesDown(to: declined.hospital, in: round.round)
      total = total + Traffic(down: question, up: answer)
    }
    for _ in 0..<(round.late.map { $0.used + $0.dropped } ?? 0) {
      total = total + traffic(of: first, exchange, round.round, episodes: mean)
    }
  }

  /// A contribution and the assignment that it answers.
  private mutating func traffic(
    of hospital: String, _ exchange: Exchange, _ round: Int, episodes: Int?
  ) -> Traffic {
    if let known = sizes[hospital.utf8.count] { return known }
    let found = Traffic(
      down: exchange.bytesDown(to: hospital, in: round),
      up: exchange.bytesUp(from: hospital, in: round, episodes: round == 0 ? nil : episodes))
    sizes[hospital.utf8.count] = found
    return found
  }
}
