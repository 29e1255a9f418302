import Federation
import Foundation
import Reports
import Scenarios
import Testing

/// What hospitals remember, on disk.
@Suite final class MemoryFilesTests {
  private let place = FileManager.default.temporaryDirectory
    .appending(path: "memory-\(UUID())").path

  deinit { try? FileManager.default.removeItem(atPath: place) }

  private var files: MemoryFiles { MemoryFiles(at: place, isLasting: false) }

  @Test("nothing is made before there is something to keep", arguments: [false, true])
  func kept(isLasting: Bool) throws {
    let files = MemoryFiles(at: place, isLasting: isLasting)
    #expect(try files.recall("h1") == nil)
    #expect(!FileManager.default.fileExists(atPath: place))
    try files.keep([1, 2, 3], of: "h1")
    try files.keep([4], of: "h1")
    #expect(try MemoryFiles(at: place, isLasting: isLasting).recall("h1") == [4])
    #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["h1.memory"])
  }

  @Test("hospitals of any name have a file of their own, and none is outside the directory")
  func names() throws {
    let names = [
      "h1", "H1", "../h1", "a/b", "", ".", "..", "x-6831", "x-", "Île-de-France", "a b", "a\u{0}b",
    ]
    for (number, name) in names.enumerated() { try files.keep([UInt8(number)], of: name) }
    for (number, name) in names.enumerated() {
      #expect(try files.recall(name) == [UInt8(number)], "\(name)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).count == names.count)
  }

  @Test("a file cut short or spoilt is forgotten, and its hospital declines: nobody crashes")
  func spoilt() throws {
    let experiment = Experiment(
      try Scenario.read(
        """
        scenario: spoilt
        summary: Hospitals that remember.
        cohorts: { synthetic: { patients: 60 }, hospitals: 3 }
        task: { support: 8, query: 8 }
        model: { layers: [] }
        algorithm:
          name: ditto
          inner: { steps: 1, rate: 0.1 }
          outer: { rate: 1 }
          local: { steps: 2, batch: 8, rate: 0.1 }
        federation: { rounds: 4 }
        evaluation: { episodes: 1 }
        """, file: "spoilt.yaml"))
    let first = Chronicle()
    _ = try simulate(
      experiment, data: nil, observer: first, keeper: files,
      isInterrupted: { first.rounds.last?.round == 2 })
    let hospitals = ["h1", "h2", "h3"]
    let kept = try hospitals.map { try #require(try files.recall($0)) }
    let whole = kept[0]
    var cases = stride(from: 0, to: whole.count, by: 17).map { Array(whole.prefix($0)) }
    for place in stride(from: 0, to: 72, by: 8) {
      var bytes = whole
      bytes[place...].replaceSubrange(place..<place + 8, with: Array(repeating: 0xFF, count: 8))
      cases.append(bytes)
    }
    for bytes in cases {
      for (hospital, bytes) in zip(hospitals, [bytes] + kept.dropFirst()) {
        try files.keep(bytes, of: hospital)
      }
      let second = Chronicle()
      let ending = try simulate(
        experiment, data: nil, observer: second, resuming: first.checkpoint, keeper: files)
      #expect(ending.outcome == .finished)
      let declined = second.rounds.first?.declined ?? []
      #expect(declined.map(\.hospital) == ["h1"])
      #expect(declined.allSatisfy { $0.reason.contains("after round 2") })
    }
  }
}

/// Keeps the rounds of a run and where it goes on.
private final class Chronicle: RunObserver {
  var rounds: [RoundRecord] = []
  var checkpoint: Coordinator.Checkpoint?

  func observe(_ event: RunEvent) {
    switch event {
    case .roundClosed(let record): rounds.append(record)
    case .checkpoint(let checkpoint): self.checkpoint = checkpoint
    default: break
    }
  }
}
