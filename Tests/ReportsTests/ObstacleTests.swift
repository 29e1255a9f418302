import Federation
import Glibc
import Reports
import Scenarios
import Testing

@Suite("A run that nobody can go on with")
struct ObstacleTests {
  private let voyage: Voyage

  init() throws { voyage = try Voyage() }

  private func obstacle(in path: String) -> RunFilesError.Obstacle? {
    let error = #expect(throws: RunFilesError.self) { try voyage.goOn(in: path) }
    guard case .notResumable(let named, let obstacle) = error else { return nil }
    #expect(named == path)
    #expect(error?.description.hasPrefix("run directory \(path): cannot go on: ") == true)
    #expect(error?.description.contains("accepted is") == true)
    return obstacle
  }

  /// A run that was left after round 3, changed by `change`; what is said of it, and that nothing of
  /// it was touched.
  private func obstacle(after change: (String) throws -> Void) throws -> RunFilesError.Obstacle? {
    let events = try voyage.events()
    let last = try #require(events.lastIndex { $0.checkpoint?.round == 3 })
    return try withTemporaryDirectory { path in
      try voyage.record(events[...(last + 1)], in: path)
      try change(path)
      let before = try Snapshot(of: path).files
      let found = obstacle(in: path)
      #expect(try Snapshot(of: path).files == before)
      return found
    }
  }

  @Test("a directory that is no run's, or is not there")
  func noRun() throws {
    try withTemporaryDirectory { path in
      #expect(obstacle(in: path) == .noRun)
      #expect(obstacle(in: path + "/absent") == .noRun)
    }
  }

  @Test("a run that has finished, also when it was killed before it had cleared up")
  func finished() throws {
    try withTemporaryDirectory { path in
      try voyage.begin(in: path)
      #expect(obstacle(in: path) == .finished)
    }
    #expect(
      try obstacle { path in
        let whole = try voyage.events()
        try withTemporaryDirectory { other in
          try voyage.record(whole, in: other)
          try write(contents(of: other + "/journal.jsonl") ?? [], to: path + "/journal.jsonl")
        }
      } == .finished)
  }

  @Test("a run that has diverged")
  func diverged() throws {
    let events = try voyage.events()
    try withTemporaryDirectory { path in
      let ending = Ending(outcome: .diverged, round: 0, parameters: [], reason: "too fast")
      try voyage.record(events.prefix(2) + [.ended(ending)], in: path)
      #expect(obstacle(in: path) == .diverged)
    }
  }

  @Test("a run that a program is at work on")
  func inUse() throws {
    try withTemporaryDirectory { path in
      let directory = try RunDirectory(path: path, for: voyage.scenario)
      let recorder = try RunRecorder(directory, of: voyage.scenario, tensors: voyage.tensors)
      for event in try voyage.events().prefix(4) { try recorder.observe(event) }
      #expect(obstacle(in: path) == .inUse)
      withExtendedLifetime(recorder) {}
    }
  }

  @Test(
    "but one that a program has left, though a child that it is starting still has its files open")
  func leftWithCopies() throws {
    try withTemporaryDirectory { path in
      var copies: [CInt] = []
      do {
        let directory = try RunDirectory(path: path, for: voyage.scenario)
        let recorder = try RunRecorder(directory, of: voyage.scenario, tensors: voyage.tensors)
        for event in try voyage.events().prefix(4) { try recorder.observe(event) }
        copies = openFiles(below: path).map { dup($0) }
        withExtendedLifetime(recorder) {}
      }
      defer { for copy in copies { close(copy) } }
      #expect(copies.count >= 2)
      #expect(try voyage.goOn(in: path).outcome == .finished)
    }
  }

  /// The descriptors of this process that stand for files below `path`.
  private func openFiles(below path: String) -> [CInt] {
    (0..<1024).filter { number in
      var target = [CChar](repeating: 0, count: 4096)
      let count = unsafe readlink("/proc/self/fd/\(number)", &target, target.count)
      let bytes = target.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
      return String(decoding: bytes, as: UTF8.self).hasPrefix(path + "/")
    }
  }

  @Test("a run of another scenario than its directory says")
  func anotherScenario() throws {
    let changed = Voyage.yaml.replacing("seed: 5", with: "seed: 6")
    let other = Experiment(try Scenario.read(changed, file: "voyage.yaml"))
    let events = try voyage.events()
    try withTemporaryDirectory { path in
      try voyage.record(events.prefix(4), in: path)
      #expect(throws: RunFilesError.notResumable(path: path, .anotherScenario)) {
        try UnfinishedRun(in: RunDirectory(resuming: path), of: other)
      }
    }
  }

  @Test("a run whose checkpoints are gone, or damaged, wherever it is")
  func damaged() throws {
    let withoutAny = try obstacle { path in
      for slot in 1...3 { _ = unsafe unlink(path + "/checkpoint-\(slot).bin") }
    }
    #expect(withoutAny == .withoutCheckpoint)
    for place in [0, 8, 20, 47, 60, 300, -1] {
      #expect(
        try obstacle { path in
          for slot in 1...3 {
            let name = path + "/checkpoint-\(slot).bin"
            guard var bytes = contents(of: name), !bytes.isEmpty else { continue }
            bytes[place < 0 ? bytes.count - 1 : place] ^= 4
            try write(bytes, to: name)
          }
        } == .damaged, "byte \(place)")
    }
  }

  @Test("a run whose journal was changed, or lost, before the line it would go on from")
  func journalChanged() throws {
    for change in [
      { (text: String) in text.replacing(#""round":1"#, with: #""round":7"#) },
      { text in String(text.drop { $0 != "\n" }.dropFirst()) }, { _ in "" },
    ] {
      #expect(
        try obstacle { path in
          let name = path + "/journal.jsonl"
          try write(Array(change(text(of: name)).utf8), to: name)
        } == .journalChanged)
    }
  }

  @Test("a run that died before anything was committed is no obstacle: it begins")
  func begins() throws {
    try withTemporaryDirectory { path in
      try voyage.begin(in: path + "/whole")
      let whole = try Snapshot(of: path + "/whole").lasting
      for (number, files) in [
        [:], ["checkpoint-1.bin": []], ["checkpoint-1.bin": [UInt8](1...9), "journal.jsonl": []],
        ["checkpoint-1.bin": [], "journal.jsonl": Array(#"{"kind":"sta"#.utf8), "events.log": []],
      ].enumerated() {
        let run = path + "/\(number)"
        _ = try RunDirectory(path: run, for: voyage.scenario)
        for (name, bytes) in files { try write(bytes, to: run + "/" + name) }
        try voyage.goOn(in: run)
        #expect(try Snapshot(of: run).lasting == whole, "\(number)")
      }
    }
  }
}
