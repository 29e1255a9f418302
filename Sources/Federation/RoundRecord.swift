public import MetaLearning

/// What became of one round.
///
/// It holds nothing that depends on the clock.
public struct RoundRecord: Codable, Equatable, Sendable {
  /// A hospital that answered without a contribution, and why.
  public struct Declined: Codable, Equatable, Sendable {
    /// Which hospital.
    public var hospital: String
    /// Why.
    public var reason: String

    /// Takes the parts as they are.
    public init(hospital: String, reason: String) {
      self.hospital = hospital
      self.reason = reason
    }
  }

  /// What became of answers that came when they were no longer waited for.
  public struct Late: Codable, Equatable, Sendable {
    /// Those that were folded into the round.
    public var used: Int
    /// Those that were not.
    public var dropped: Int

    /// Takes the parts as they are.
    public init(used: Int, dropped: Int) {
      self.used = used
      self.dropped = dropped
    }
  }

  /// How often the meta-parameters had been updated since the contributions were begun.
  public struct Staleness: Codable, Equatable, Sendable {
    /// The mean over the contributions.
    public var mean: Double
    /// That of the most stale one.
    public var greatest: Int

    /// Takes the parts as they are.
    public init(mean: Double, greatest: Int) {
      self.mean = mean
      self.greatest = greatest
    }
  }

  /// An answer that was begun before the round in which it counts.
  public struct Earlier: Codable, Equatable, Sendable {
    /// Whose.
    public var hospital: String
    /// The round whose meta-parameters it was computed from.
    public var begun: Int

    /// Takes the parts as they are.
    public init(hospital: String, begun: Int) {
      self.hospital = hospital
      self.begun = begun
    }
  }

  /// The round, from 1.
  public var round: Int
  /// Whose meta-gradients were counted, sorted by name; in a buffer as often as they were.
  public var answered: [String]
  /// Who was asked in vain or could not be asked, sorted by name.
  public var missing: [String]
  /// Who answered that it cannot or must not contribute, sorted by name.
  public var declined: [Declined]
  /// The episodes that the meta-gradient is the mean of.
  public var episodes: Int
  /// The mean query loss before adaptation.
  public var lossBefore: Double?
  /// The mean query loss after adaptation.
  public var lossAfter: Double?
  /// Whether the quorum was reached and the meta-parameters were updated.
  public var updated: Bool
  /// The SHA-256 of the meta-parameters after the round, in hexadecimal.
  public var sha256: String
  /// Late answers, where the scenario's policy has them counted.
  public var late: Late?
  /// How stale the contributions were, where hospitals work all the time.
  public var staleness: Staleness?
  /// The answers that were begun in earlier rounds, by name and then by round, where such are counted;
  /// all others were begun in this one.
  ///
  /// In a buffer they are among those who answered or declined; a late answer that is used is not.
  public var earlier: [Earlier]?
  /// The acts of the timeline that go by time and hold from this round on, by their places in it from 0,
  /// of those that hospitals do themselves; `nil` where there are none.
  public var acts: [Int]?
  /// What was left of what meta-gradients were solved for, on average over the episodes, where they are.
  public var residuals: Residuals?

  /// Takes the parts as they are.
  public init(
    round: Int, answered: [String], missing: [String], declined: [Declined], episodes: Int,
    lossBefore: Double?, lossAfter: Double?, updated: Bool, sha256: String, late: Late? = nil,
    staleness: Staleness? = nil, earlier: [Earlier]? = nil, acts: [Int]? = nil,
    residuals: Residuals? = nil
  ) {
    self.round = round
    self.answered = answered
    self.missing = missing
    self.declined = declined
    self.episodes = episodes
    self.lossBefore = lossBefore
    self.lossAfter = lossAfter
    self.updated = updated
    self.sha256 = sha256
    self.late = late
    self.staleness = staleness
    self.earlier = earlier
    self.acts = acts
    self.residuals = residuals
  }
}
