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
/// Two things the journal leaves open: answers that came too late to be used have no names in it, and count
/// as those of the first hospital that trains; and where hospitals count by their patients, an answer counts
/// as one of the mean number of them, which may be a byte off.
public struct TrafficCount: Sendable {
  /// What was counted so far.
  public private(set) var total = Traffic()
  private let description: Exchange
  private let learning: Exchange
  private let first: String
  private let countsByPatients: Bool
  /// By the round in which an answer was begun, and the length of the hospital's name.
  private var sizes: [Size: Traffic] = [:]

  private struct Size: Hashable {
    var round: Int
    var nameBytes: Int
  }

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
    var begun = Dictionary(grouping: round.earlier ?? [], by: \.hospital)
    let mean = countsByPatients ? round.episodes / max(1, round.answered.count) : nil
    for hospital in round.answered {
      let answer = begun[hospital]?.popLast()
      total = total + traffic(of: hospital, in: answer?.begun ?? round.round, episodes: mean)
    }
    for declined in round.declined {
      let answer = begun[declined.hospital]?.popLast()
      total = total + traffic(of: declined, in: answer?.begun ?? round.round)
    }
    // What is left was used, and is not among those who answered.
    for late in begun.values.joined() {
      total = total + traffic(of: late.hospital, in: late.begun, episodes: mean)
    }
    for _ in 0..<nameless(round, named: begun.values.reduce(0) { $0 + $1.count }) {
      total = total + traffic(of: first, in: round.round, episodes: mean)
    }
  }

  /// How many late answers the journal counts and does not name; in a buffer those that were used are among
  /// those who answered.
  private func nameless(_ round: RoundRecord, named: Int) -> Int {
    guard let late = round.late else { return 0 }
    return late.dropped + (round.staleness == nil ? max(0, late.used - named) : 0)
  }

  private func exchange(in round: Int) -> Exchange { round == 0 ? description : learning }

  /// A contribution and the assignment that it answers.
  private mutating func traffic(of hospital: String, in round: Int, episodes: Int?) -> Traffic {
    let size = Size(round: round, nameBytes: hospital.utf8.count)
    if let known = sizes[size] { return known }
    let exchange = exchange(in: round)
    let found = Traffic(
      down: exchange.bytesDown(to: hospital, in: round),
      up: exchange.bytesUp(from: hospital, in: round, episodes: round == 0 ? nil : episodes))
    sizes[size] = found
    return found
  }

  private func traffic(of declined: RoundRecord.Declined, in round: Int) -> Traffic {
    let exchange = exchange(in: round)
    return Traffic(
      down: exchange.bytesDown(to: declined.hospital, in: round),
      up: exchange.bytesUp(from: declined, in: round))
  }
}
