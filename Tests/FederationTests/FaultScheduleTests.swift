import Federation
import Glibc
import Testing

/// Random fault schedules.
///
/// `FAULT_SCHEDULES=10000 swift test -c release --filter FaultScheduleTests` plays so many;
/// `FAULT_SEED=4711` plays the one of that seed.
@Suite("Whatever goes wrong")
struct FaultScheduleTests {
  static let shares = 4

  private static func setting(_ name: String) -> Int? {
    unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
  }

  private static func seeds(of share: Int) -> [UInt64] {
    if let seed = setting("FAULT_SEED") { return share == 0 ? [UInt64(seed)] : [] }
    return stride(from: share + 1, through: setting("FAULT_SCHEDULES") ?? 300, by: shares)
      .map(UInt64.init)
  }

  @Test(
    "every schedule ends in a documented way and the same a second time; and with the bits of calm if all answered",
    arguments: 0..<shares)
  func schedules(share: Int) throws {
    let calm = try FaultSchedule.play(nil)
    #expect(calm.isComplete)
    var (outcomes, complete, resumptions) = ([Ending.Outcome: Int](), 0, 0)
    for seed in Self.seeds(of: share) {
      let advice = Comment("seed \(seed): FAULT_SEED=\(seed) plays it alone")
      let schedule = FaultSchedule(seed: seed)
      let outcome = try FaultSchedule.play(schedule)
      let ending = try #require(outcome.ending, advice)
      #expect(ending.outcome == .finished || ending.outcome == .quorumLost, advice)
      #expect(try FaultSchedule.play(FaultSchedule(seed: seed)) == outcome, advice)
      if outcome.isComplete {
        #expect(outcome.ending == calm.ending, advice)
        if schedule.isPatient { #expect(outcome.journal == calm.journal, advice) }
      }
      outcomes[ending.outcome, default: 0] += 1
      complete += outcome.isComplete ? 1 : 0
      resumptions += outcome.resumptions
    }
    if Self.setting("FAULT_SCHEDULES") != nil {
      print(
        "share \(share): \(outcomes[.finished] ?? 0) finished, \(outcomes[.quorumLost] ?? 0) lost"
          + " their quorum, \(complete) had every answer, \(resumptions) resumptions")
    }
  }
}
