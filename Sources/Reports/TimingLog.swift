import Federation
import Transports

/// The lines of `timing.jsonl`: one JSON object a question to the hospitals, then the whole run and
/// what passed over each link.
enum TimingLog {
  static func line(of timing: PhaseTiming) -> String {
    JSON.object([
      ("kind", .string(timing.phase.kind)), ("round", .integer(timing.round)),
      ("began", .real(timing.began)), ("ended", .real(timing.ended)),
      ("answered", .integer(timing.answered)), ("missing", .integer(timing.missing)),
      ("deadlinePassed", .bool(timing.deadlinePassed)),
      ("slowest", timing.slowest.map(json) ?? .null), ("inVain", .real(timing.inVain)),
      ("bytesDown", .integer(timing.bytesDown)), ("bytesUp", .integer(timing.bytesUp)),
    ]).text
  }

  static func lines(of timing: RunTiming) -> [String] {
    let run = JSON.object([
      ("kind", .string("run")), ("seconds", .real(timing.seconds)),
      ("between", .real(timing.between)), ("waiting", .real(timing.waiting)),
      ("down", .real(timing.down)),
      ("compute", .real(timing.compute)), ("up", .real(timing.up)),
      ("deadline", .real(timing.deadline)), ("deadlines", .integer(timing.deadlines)),
      ("bytesDown", .integer(timing.bytesDown)), ("bytesUp", .integer(timing.bytesUp)),
    ])
    let waits = Dictionary(uniqueKeysWithValues: timing.waits.map { ($0.hospital, $0) })
    return [run.text]
      + timing.traffic.map { link in
        let kind = link.isRegion ? "region" : "hospital"
        let bytes: [(name: String, value: JSON)] = [
          ("kind", .string(kind)), (kind, .string(link.hospital)),
          ("bytesDown", .integer(link.down)), ("bytesUp", .integer(link.up)),
        ]
        guard !link.isRegion else { return JSON.object(bytes).text }
        return JSON.object(
          bytes + [
            ("timesLast", .integer(waits[link.hospital]?.times ?? 0)),
            ("waitedForAlone", .real(waits[link.hospital]?.alone ?? 0)),
          ]
        ).text
      }
  }

  private static func json(_ answer: AnswerTiming) -> JSON {
    .object([
      ("hospital", .string(answer.hospital)), ("unasked", .real(answer.unasked)),
      ("down", .real(answer.down)), ("queued", .real(answer.queued)),
      ("compute", .real(answer.compute)), ("up", .real(answer.up)), ("alone", .real(answer.alone)),
    ])
  }
}

extension Phase {
  fileprivate var kind: String {
    switch self {
    case .describe: "description"
    case .learn: "round"
    case .evaluate: "evaluation"
    }
  }
}

/// What a run would have taken in a real federation, in some sentences.
struct TimingSummary {
  let timing: RunTiming

  /// How long, where the time went, for whom, and how many bytes.
  var text: String {
    "In a real federation this would have taken \(Self.text(of: timing.seconds))"
      + (timing.isResumed ? " from where it was gone on with: " : ": ") + parts
      + ". " + waits + "The hospitals got \(inBytes(timing.bytesDown)) and sent"
      + " \(inBytes(timing.bytesUp))."
  }

  private var parts: String {
    let deadlines = timing.deadlines == 1 ? "a deadline" : "\(timing.deadlines) deadlines"
    let before =
      timing.waiting > 0 ? "\(share(timing.waiting)) before it was asked or could begin, " : ""
    let last =
      before + "computing \(share(timing.compute)), getting \(share(timing.down)) and sending"
      + " \(share(timing.up)) at the last hospital to answer"
    let idle = share(timing.between)
    let vain =
      timing.deadlines == 0 ? "" : ", waiting for \(deadlines) \(share(timing.deadline))"
    return last + vain
      + (idle == "0 %" ? "" : ", and \(idle) before anybody was asked")
  }

  private var waits: String {
    let slowest = timing.waits.prefix(3).filter { $0.alone > 0 }.map {
      "\($0.hospital) (last \(counted($0.times, "time")), \(Self.text(of: $0.alone)) alone)"
    }
    return slowest.isEmpty ? "" : "Waited for most: " + slowest.joined(separator: ", ") + ". "
  }

  private func share(_ seconds: Double) -> String {
    timing.seconds > 0 ? fixed(100 * seconds / timing.seconds, decimals: 0) + " %" : "0 %"
  }

  /// Seconds with a decimal below a minute; above, the largest two units that matter.
  private static func text(of seconds: Double) -> String {
    seconds < 60
      ? fixed(seconds, decimals: 1) + " s" : RoundStatus.text(of: .seconds(seconds.rounded()))
  }
}
