import Glibc
import Scenarios
import Tensors

/// Draws the faults that a scenario's rates make, as entries of a timeline.
///
/// Faults of a kind are a Poisson process over the rounds: the gaps between them are exponential with
/// mean 100 / rate rounds, so the number in a hundred rounds is Poisson with mean `rate`. Each befalls
/// one hospital or region, drawn uniformly from those it can befall, or the coordinator. A node can be
/// lost only once at a time: where a kill, a pause, a cut or a farewell would meet a hospital that is
/// not there already, or is not there again by the end of it, nothing happens to it. Each joins and
/// leaves once: who is drawn is not drawn again.
struct FaultDraw {
  private let scenario: Scenario
  private let random: RandomStream
  /// The rounds in which each hospital is not there.
  private var absences: [String: [ClosedRange<Int>]]

  init(_ scenario: Scenario, random: RandomStream) {
    self.scenario = scenario
    self.random = random
    absences = Self.absences(in: scenario.timeline)
    for fault in scenario.faults where fault.act == .plain(.join) {
      // Who is not drawn never comes.
      for hospital in fault.hospitals ?? [] { absences[hospital] = [0...Int.max] }
    }
  }

  /// The entries, kind by kind, each kind in the order of its rounds.
  func entries() -> [TimelineEntry] {
    guard !scenario.faults.isEmpty else { return [] }
    var draw = self
    return scenario.faults.flatMap { draw.entries(of: $0) }
  }

  private mutating func entries(of fault: FaultPlan) -> [TimelineEntry] {
    var stream = random.child("faults").child(fault.act.key)
    var targets = scenario.targets(of: fault)
    var entries: [TimelineEntry] = []
    var position = 0.0
    while true {
      position += -log(1 - stream.uniform()) * 100 / fault.rate
      guard position < Double(scenario.federation.rounds) else { return entries }
      let round = Int(position) + 1
      guard fault.act != .restart else {
        entries.append(TimelineEntry(moment: .round(round), act: .restart, hospitals: []))
        continue
      }
      guard !targets.isEmpty else { return entries }
      let drawn = stream.integer(below: targets.count)
      entries += happen(fault, to: targets[drawn], in: round, number: entries.count + 1)
      if fault.act.isOnce { targets.remove(at: drawn) }
    }
  }

  private mutating func happen(
    _ fault: FaultPlan, to hospitals: [String], in round: Int, number: Int
  ) -> [TimelineEntry] {
    switch fault.act {
    case .plain(let act): return lose(hospitals, by: act, in: round, rounds: fault.rounds)
    case .drift(var plan):
      // Each has a stream of its own, of which no rule of a scenario can have the name.
      plan.name += "/\(number)"
      return [entry(.drift(plan), hospitals, in: round, rounds: fault.rounds)]
    default: return [entry(fault.act, hospitals, in: round, rounds: fault.rounds)]
    }
  }

  private func entry(
    _ act: ActPlan, _ hospitals: [String], in round: Int, rounds: Int? = nil
  ) -> TimelineEntry {
    TimelineEntry(moment: .round(round), act: act, hospitals: hospitals, rounds: rounds)
  }

  /// Those of `hospitals` are lost, or come, that are there, or not, for as long as it lasts.
  private mutating func lose(
    _ hospitals: [String], by act: ActPlan.Plain, in round: Int, rounds: Int
  ) -> [TimelineEntry] {
    guard act != .join else {
      for hospital in hospitals { absences[hospital] = [0...round] }
      return [entry(.plain(act), hospitals, in: round)]
    }
    let span = round...(act == .leave ? Int.max : round + rounds)
    let there = hospitals.filter { hospital in
      absences[hospital]?.contains { $0.overlaps(span) } != true
    }
    guard !there.isEmpty else { return [] }
    for hospital in there { absences[hospital, default: []].append(span) }
    let begin = entry(.plain(act), there, in: round)
    guard let end = act.opposite, span.upperBound <= scenario.federation.rounds else {
      return [begin]
    }
    return [begin, entry(.plain(end), there, in: span.upperBound)]
  }

  /// Where the scenario itself takes hospitals away; one whose absence goes by time is left alone.
  private static func absences(in timeline: [TimelineEntry]) -> [String: [ClosedRange<Int>]] {
    var absences: [String: [ClosedRange<Int>]] = [:]
    for entry in timeline {
      guard case .plain(let act) = entry.act else { continue }
      for hospital in entry.hospitals {
        switch (entry.moment, act) {
        case (_, .calm): break
        case (.time, _): absences[hospital] = [0...Int.max]
        case (.round(let round), .join): absences[hospital, default: []].append(0...round)
        case (.round(let round), .start), (.round(let round), .resume),
          (.round(let round), .reconnect):
          absences[hospital]?.close(at: round)
        case (.round(let round), _): absences[hospital, default: []].append(round...Int.max)
        }
      }
    }
    return absences
  }
}

extension [ClosedRange<Int>] {
  /// Ends the ranges that have no end yet.
  fileprivate mutating func close(at round: Int) {
    self = map { $0.upperBound == .max && $0.lowerBound <= round ? $0.lowerBound...round : $0 }
  }
}

extension ActPlan {
  /// Whether it happens to nobody twice.
  fileprivate var isOnce: Bool { self == .plain(.join) || self == .plain(.leave) }
}

extension ActPlan.Plain {
  /// What undoes the act, of those that happen by chance.
  fileprivate var opposite: Self? {
    switch self {
    case .kill: .start
    case .pause: .resume
    case .cut: .reconnect
    case .start, .resume, .reconnect, .calm, .join, .leave: nil
    }
  }
}
