import Federation
import Scenarios

/// What a method sends in each direction, in words and bytes.
struct ExchangeTable {
  private let exchange: Exchange
  private let method: String
  private let hospital: String
  private let kept: MethodLayout.Share?

  init(of scenario: Scenario) {
    let experiment = Experiment(scenario)
    exchange = experiment.exchange
    method = scenario.algorithm.name.rawValue
    hospital = experiment.training.first ?? ""
    kept = experiment.layout.kept
  }

  /// Some lines; the bytes are those of a hospital with a node of its own in round 1.
  var text: String {
    let lines = Grid(rows(exchange.down, "down") + rows(exchange.up, "up"), names: 2).text
    let parts = zip(lines.split(separator: "\n"), (exchange.down + exchange.up).map(shares))
    return "What travels in a round of \(method), to a hospital and back\n"
      + parts.map { "  \($0)\($1)\n" }.joined()
      + "  with envelopes \(inBytes(traffic.down)) down and \(inBytes(traffic.up)) up; \(remainder)\n"
  }

  private var remainder: String {
    kept.map { "the \($0.name), \(counted($0.count, "number")), stays at the hospital" }
      ?? "nothing is kept at the hospital"
  }

  private func rows(_ parts: [Exchange.Part], _ direction: String) -> [[String]] {
    parts.enumerated().map { place, part in
      [
        place == 0 ? direction : "", part.meaning, "\(part.count)", "\(part.scalar)",
      ]
    }
  }

  private func shares(_ part: Exchange.Part) -> String {
    let all = part.shares.map { "\($0.name) \($0.count)" }
    return all.isEmpty ? "" : "  " + all.joined(separator: ", ")
  }

  private var traffic: Traffic {
    Traffic(
      down: exchange.bytesDown(to: hospital, in: 1), up: exchange.bytesUp(from: hospital, in: 1))
  }

  /// The same for programs.
  var json: JSON {
    .object([
      ("algorithm", .string(method)), ("down", parts(exchange.down)), ("up", parts(exchange.up)),
      ("bytes", traffic.json), ("kept", kept.map(share) ?? .null),
    ])
  }

  private func parts(_ parts: [Exchange.Part]) -> JSON {
    .array(
      parts.map { part in
        .object([
          ("meaning", .string(part.meaning)), ("numbers", .integer(part.count)),
          ("scalar", .string("\(part.scalar)")), ("shares", .array(part.shares.map(share))),
        ])
      })
  }

  private func share(_ share: MethodLayout.Share) -> JSON {
    .object([("name", .string(share.name)), ("numbers", .integer(share.count))])
  }
}
