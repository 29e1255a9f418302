import Cohorts
import Federation
import Foundation
import Scenarios
import Tensors
import Testing
import Transports
import ZeroMQTransport

@Suite("What crosses the wire", .serialized)
struct WireSecrecyTests {
  /// Without standardisation the model sees the raw values: then they are also what a leak from
  /// within the computation would show.
  @Test(
    "no value, outcome pattern or identifier of a patient crosses the loopback connection",
    arguments: ["across-hospitals", "none"])
  func nothingOfPatients(standardisation: String) throws {
    let cohorts = Dictionary(
      uniqueKeysWithValues: hospitals.map { ($0, distinctiveCohort(of: $0)) })
    let record = try play(cohorts, standardisation: standardisation)
    let traffic = Haystack(record.streams)
    #expect(traffic.count > 20_000)
    // The recording is whole and the search works: what may cross is found.
    #expect(traffic.contains(bytes(of: record.parameters)))
    #expect(traffic.contains(Array("h2".utf8)))
    for cohort in cohorts.values {
      for needle in needles(of: cohort) where traffic.contains(needle.bytes) {
        Issue.record("\(needle.what) of a patient of \(cohort.hospital) crossed the wire")
      }
    }
  }

  private let hospitals = ["h1", "h2", "h3"]

  /// Patients whose every value has a full mantissa, so that it cannot be met by chance, and who
  /// bear identifiers.
  private func distinctiveCohort(of hospital: String) -> Cohort {
    var stream = RandomStream(seed: 11).child(hospital)
    let patients = 30
    let inputs = Matrix(
      rows: patients, columns: 4,
      scalars: (0..<patients * 4).map { _ in Float(1000 + 371 * stream.normal()) })
    let outcomes = (0..<patients).map { _ in Float(stream.integer(below: 2)) }
    return Cohort(
      hospital: hospital, features: ["age", "pressure", "cholesterol", "rate"], inputs: inputs,
      outcomes: outcomes, identifiers: (0..<patients).map { "PAT-\(hospital)-\(70_001 + $0)" })
  }

  /// Plays a run over tcp, with the nodes behind a proxy that keeps what passes.
  private func play(
    _ cohorts: [String: Cohort], standardisation: String
  ) throws -> (streams: [[UInt8]], parameters: [Float]) {
    let override = try Override("cohorts.standardise=\(standardisation)")
    let experiment = Experiment(
      try Scenario.read(secretScenario, file: "secret.yaml", overrides: [override]))
    let hub = try ZeroMQHub(bind: "tcp://127.0.0.1:*")
    let port = try #require(UInt16(hub.endpoint.split(separator: ":").last ?? ""))
    let proxy = try RecordingProxy(to: port)
    defer { proxy.close() }
    let proxied = "tcp://127.0.0.1:\(proxy.port)"
    let nodes = hospitals.map { hospital in
      Promise {
        let worker = HospitalWorker(experiment, cohorts: cohorts.filter { $0.key == hospital })
        let spoke = try ZeroMQSpoke(connect: proxied)
        return try serve([hospital], of: experiment, with: worker, over: spoke)
      }
    }
    let ending = try lead(experiment, over: hub, observer: Bystander())
    for node in nodes { #expect(try node.value() == .finished) }
    #expect(ending.outcome == .finished)
    return (proxy.recorded, ending.parameters)
  }
}

/// A three-hospital run with standardisation, so that every phase of the protocol is on the wire.
private let secretScenario = """
  scenario: secret
  summary: Every phase of the protocol, in a few rounds.
  seed: 3
  cohorts:
    synthetic: { patients: 60, features: 4, outcome: diagnosis }
    hospitals: 3
    standardise: across-hospitals
  task: { kind: classification, support: 5, query: 5 }
  model: { layers: [ { dense: 3, activation: tanh } ] }
  algorithm:
    name: maml
    order: second
    inner: { steps: 2, rate: 0.1 }
    outer: { optimizer: adam, rate: 0.01 }
  federation: { rounds: 20, episodes-per-round: 2, deadline: 60s, quorum: 3, assembly: 60s }
  privacy: { minimum-patients: 5 }
  evaluation: { shots: [5], steps: [0, 1], episodes: 2, alone: { steps: 2, rate: 0.1 } }
  """

// MARK: What is looked for

/// Something of a patient, as bytes.
private struct Needle {
  var what: String
  var bytes: [UInt8]
}

private func bytes<Number: BitwiseCopyable>(of numbers: [Number]) -> [UInt8] {
  unsafe numbers.withUnsafeBytes { unsafe Array($0) }
}

/// All forms in which a patient's values might travel: as text, and in every float width in either
/// byte order.
///
/// Half widths are looked for as whole rows, since a single half
/// is met by chance.
private func needles(of cohort: Cohort) -> [Needle] {
  var needles = (cohort.identifiers ?? []).map {
    Needle(what: "the identifier", bytes: Array($0.utf8))
  }
  for patient in 0..<cohort.inputs.rows { needles += rowNeedles(Array(cohort.inputs.row(patient))) }
  let outcomes = cohort.outcomes
  needles.append(Needle(what: "the outcomes", bytes: bytes(of: outcomes)))
  needles.append(Needle(what: "the outcomes", bytes: outcomes.map { UInt8($0) }))
  return needles
}

private func rowNeedles(_ row: [Float]) -> [Needle] {
  var needles = [
    Needle(what: "a row in half precision", bytes: bytes(of: row.map { Float16($0) })),
    Needle(
      what: "a row in bfloat16",
      bytes: bytes(of: row.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) })),
  ]
  for value in row {
    needles.append(Needle(what: "a value in single precision", bytes: bytes(of: [value])))
    needles.append(Needle(what: "a value in double precision", bytes: bytes(of: [Double(value)])))
    needles.append(Needle(what: "a value as text", bytes: Array("\(value)".utf8.prefix(7))))
    needles.append(
      Needle(what: "a value in whole numbers", bytes: bytes(of: [Int64(value * 1_000_000)])))
  }
  return needles + needles.map { Needle(what: $0.what + ", reversed", bytes: $0.bytes.reversed()) }
}

/// Bytes to look in, indexed by their first four.
private struct Haystack {
  private let bytes: [UInt8]
  private let places: [UInt32: [Int]]

  init(_ streams: [[UInt8]]) {
    let bytes = streams.flatMap { $0 }
    var places: [UInt32: [Int]] = [:]
    if bytes.count >= 4 {
      for place in 0...(bytes.count - 4) {
        places[Self.word(bytes[place...]), default: []].append(place)
      }
    }
    self.bytes = bytes
    self.places = places
  }

  var count: Int { bytes.count }

  func contains(_ needle: [UInt8]) -> Bool {
    guard needle.count >= 4 else {
      return bytes.indices.contains { bytes[$0...].starts(with: needle) }
    }
    return places[Self.word(needle[...]), default: []].contains {
      bytes[$0...].starts(with: needle)
    }
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// Watches a run and keeps nothing.
private final class Bystander: RunObserver {
  func observe(_ event: RunEvent) {}
}
