import Cryptography
import Federation
import MetaLearning
import Reports
import Scenarios
import Testing

@Suite("What a run leaves behind")
struct RunRecorderTests {
  private func record(_ events: [RunEvent], in path: String) throws -> RunDirectory {
    let scenario = Sample.scenario()
    let directory = try RunDirectory(path: path, for: scenario)
    let recorder = try RunRecorder(directory, of: scenario, tensors: Sample.tensors)
    for event in events { try recorder.observe(event) }
    return directory
  }

  private func journal(_ events: [RunEvent]) throws -> [String] {
    try withTemporaryDirectory {
      text(of: try record(events, in: $0).file("journal.jsonl")).split(separator: "\n").map(
        String.init)
    }
  }

  @Test("the journal holds a line for the start, each round, the evaluation and the end")
  func journalLines() throws {
    let lines = try journal(Sample.events)
    #expect(lines.count == 1 + Sample.rounds + 1 + 1)
    #expect(
      lines.first == #"{"kind":"start","format":1,"scenario":"two wards/north","#
        + #""scenarioDigest":"d1","seed":7,"training":["north","south"],"heldOut":["new"],"rounds":3}"#
    )
    #expect(
      lines[1] == #"{"kind":"round","round":1,"answered":["north","south"],"missing":[],"#
        + #""declined":[],"episodes":4,"lossBefore":0.75,"lossAfter":0.5,"updated":true,"sha256":"a1"}"#
    )
    #expect(
      lines[4].hasPrefix(
        #"{"kind":"evaluation","round":3,"final":true,"means":[{"group":"training""#))
    #expect(
      lines.last?.hasPrefix(
        #"{"kind":"end","outcome":"finished","reason":"all rounds are done","#
          + #""round":3,"sha256":""#)
        == true)
  }

  @Test("two runs of the same events leave the same bytes, whoever came and went in between")
  func sameBytes() throws {
    let disturbed = Array(
      Sample.events.flatMap {
        [$0, .presence(Presence(hospital: "south", change: .returned, round: 2))]
      }.dropLast())
    let files = ["journal.jsonl", "results.json", "meta.safetensors", "scenario.yaml"]
    let runs = try [Sample.events, disturbed].map { events in
      try withTemporaryDirectory { path in
        let directory = try record(events, in: path)
        return files.map { contents(of: directory.file($0)) }
      }
    }
    #expect(runs[0] == runs[1])
    #expect(!runs[0].contains(nil))
  }

  @Test("a round that lacked hospitals says which, and a loss that is missing is null")
  func missing() throws {
    var round = Sample.round(
      1, answered: [], missing: ["south"], before: nil, after: nil, updated: false)
    round.declined = [.init(hospital: "north", reason: "has \"few\" patients")]
    let lines = try journal([.started(Sample.start), .roundClosed(round)])
    #expect(
      lines.last == #"{"kind":"round","round":1,"answered":[],"missing":["south"],"#
        + #""declined":[{"hospital":"north","reason":"has \"few\" patients"}],"episodes":0,"#
        + #""lossBefore":null,"lossAfter":null,"updated":false,"sha256":"a1"}"#)
  }

  @Test(
    "losses that are not finite are strings, so that the line stays JSON",
    arguments: [
      (Double.nan, "NaN"), (Double.infinity, "Infinity"), (-Double.infinity, "-Infinity"),
    ])
  func notFinite(loss: Double, word: String) throws {
    let lines = try journal([.roundClosed(Sample.round(1, after: loss))])
    #expect(lines.last?.contains("\"lossAfter\":\"\(word)\"") == true)
  }

  @Test("a line of the journal can be read before the next event")
  func lineByLine() throws {
    try withTemporaryDirectory { path in
      let scenario = Sample.scenario()
      let directory = try RunDirectory(path: path, for: scenario)
      let recorder = try RunRecorder(directory, of: scenario, tensors: Sample.tensors)
      for round in 1...3 {
        try recorder.observe(.roundClosed(Sample.round(round)))
        #expect(text(of: directory.file("journal.jsonl")).split(separator: "\n").count == round)
      }
    }
  }

  @Test("the digest at the end is the SHA-256 of the little-endian meta-parameters")
  func digest() throws {
    let bytes = Sample.parameters.flatMap { parameter in
      (0..<4).map { UInt8(truncatingIfNeeded: parameter.bitPattern >> (8 * $0)) }
    }
    let lines = try journal([.ended(Sample.ending)])
    #expect(lines.last?.contains(SHA256.hexadecimal(bytes)) == true)
  }

  @Test("what comes from strangers cannot fill the disk")
  func eventLimit() throws {
    try withTemporaryDirectory { path in
      let flood = Array(repeating: RunEvent.ignored("noise"), count: RunRecorder.eventLimit + 50)
      let directory = try record(flood, in: path)
      let lines = text(of: directory.file("events.log")).split(separator: "\n")
      #expect(lines.count == RunRecorder.eventLimit)
      #expect(lines.last?.hasSuffix("more than this is not written down") == true)
    }
  }

  @Test("the events end with the outcome and the peak of memory, however much came before")
  func peakMemory() throws {
    try withTemporaryDirectory { path in
      let flood = Array(repeating: RunEvent.ignored("noise"), count: RunRecorder.eventLimit + 50)
      let directory = try record(flood + [.ended(Sample.ending)], in: path)
      let last = text(of: directory.file("events.log")).split(separator: "\n").suffix(2)
      #expect(last.first?.contains(" finished after round ") == true)
      let memory = try #require(
        last.last?.firstMatch(of: /.* peak memory of this program: (\d+) MiB/))
      #expect((1...100_000).contains(Int(memory.1) ?? 0))
      #expect(!text(of: directory.file("results.json")).contains("peak memory"))
    }
  }

  @Test("a run that ended before there were meta-parameters leaves results and no meta-parameters")
  func nothingLearnt() throws {
    let ending = Ending(outcome: .quorumLost, round: 0, parameters: [], reason: "nobody came")
    try withTemporaryDirectory { path in
      let directory = try record([.started(Sample.start), .ended(ending)], in: path)
      #expect(contents(of: directory.file("meta.safetensors")) == nil)
      #expect(text(of: directory.file("results.json")).contains(#""outcome": "quorum-lost""#))
      #expect(text(of: directory.file("results.json")).contains(#""reason": "nobody came""#))
      #expect(
        text(of: directory.file("results.json")).contains("No hospital was judged: nobody came."))
    }
  }

  @Test("replaced files leave no draft behind")
  func noDrafts() throws {
    try withTemporaryDirectory { path in
      let directory = try record(Sample.events, in: path)
      let names = try Directory(directory.path).names()
      #expect(
        names == [
          "events.log", "journal.jsonl", "meta.safetensors", "results.json", "scenario.yaml",
        ])
    }
  }
}
