import Glibc
import Scenarios
import Tensors

/// Draws the faults that a scenario's rates make, as entries of a timeline.
///
/// Faults of a kind are a Poisson process over the rounds: the gaps between them are exponential with
/// mean 100 / rate rounds, so the number in a hundred rounds is Poisson with mean `rate`. Each befalls
/// one hospital, drawn uniformly from those it can befall, or the coordinator. A node can be lost only once at a time: where
/// a kill, a pause or a cut would meet a hospital that is not there already, or is not there again by
/// the end of it, nothing happens.
struct FaultDraw {
  private let scenario: Scenario
  private let random: RandomStream
  /// The rounds in which each hospital is not there.
  private var absences: [String: [ClosedRange<Int>]]

  init(_ scenario: Scenario, random: RandomStream) {
    self.scenario = scenario
    self.random = random
    absences = Self.absences(in: scenario.timeline)
  }

  /// The entries, kind by kind, each kind in the order of its rounds.
  func entries() -> [TimelineEntry] {
    guard !scenario.faults.isEmpty else { return [] }
    var draw = self
    let training = scenario.trainingHospitals
    return scenario.faults.flatMap { draw.entries(of: $0, among: $0.hospitals ?? training) }
  }

  private mutating func entries(
    of fault: FaultPlan, among hospitals: [String]
  ) -> [TimelineEntry] {
    var stream = random.child("faults").child(fault.act.key)
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
      let hospital = hospitals[stream.integer(below: hospitals.count)]
      entries += happen(fault, to: hospital, in: round)
    }
  }

  private mutating func happen(
    _ fault: FaultPlan, to hospital: String, in round: Int
  ) -> [TimelineEntry] {
    guard case .plain(let act) = fault.act, let end = act.opposite else {
      return [
        TimelineEntry(
          moment: .round(round), act: fault.act, hospitals: [hospital], rounds: fault.rounds)
      ]
    }
    let span = round...(round + fault.rounds)
    guard absences[hospital]?.contains(where: { $0.overlaps(span) }) != true else { return [] }
    absences[hospital, default: []].append(span)
    let begin = TimelineEntry(moment: .round(round), act: .plain(act), hospitals: [hospital])
    guard span.upperBound <= scenario.federation.rounds else { return [begin] }
    return [
      begin,
      TimelineEntry(moment: .round(span.upperBound), act: .plain(end), hospitals: [hospital]),
    ]
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
