import Federation
import Reports
import Scenarios
import Testing

@Suite("A run that was left before its end")
struct UnfinishedRunTests {
  private let voyage: Voyage

  init() throws { voyage = try Voyage() }

  /// What an undisturbed run leaves.
  private func undisturbed() throws -> [String: [UInt8]] {
    try withTemporaryDirectory { path in
      try voyage.begin(in: path)
      return try Snapshot(of: path).lasting
    }
  }

  @Test("goes on from the last committed line, wherever in the writing of the next one it died")
  func everyByte() throws {
    var points = 0
    var earlier: Coordinator.Checkpoint?
    try passages { committed, states, run in
      for state in states {
        try state.files.restore(in: run)
        let expected = state.isCommitted ? committed : earlier
        #expect(try voyage.unfinished(in: run).checkpoint == expected)
      }
      points += states.count
      earlier = committed
    }
    #expect(points > 3000)
  }

  @Test("ends with the bytes of an undisturbed run, wherever it died")
  func bytes() throws {
    let whole = try undisturbed()
    var number = 0
    try passages { _, states, run in
      for state in states {
        number += 1
        guard number.isMultiple(of: 53) else { continue }
        try state.files.restore(in: run)
        #expect(try voyage.goOn(in: run).outcome == .finished)
        #expect(try Snapshot(of: run).lasting == whole, "state \(number)")
      }
    }
  }

  /// Gives, for each line with a checkpoint, the checkpoint, the states of the files while both are
  /// written, and a directory to restore them in.
  private func passages(
    _ body: (Coordinator.Checkpoint, [(files: Snapshot, isCommitted: Bool)], String) throws -> Void
  ) throws {
    try withTemporaryDirectory { path in
      let recorder = try voyage.recorder(in: path + "/whole")
      var (before, checkpoint) = (try Snapshot(of: path + "/whole"), Coordinator.Checkpoint?.none)
      for event in try voyage.events() {
        try recorder.observe(event)
        if let checkpoint {
          let after = try Snapshot(of: path + "/whole")
          try body(checkpoint, Self.states(from: before, to: after), path + "/run")
          before = after
        }
        checkpoint = event.checkpoint
      }
    }
  }

  /// The states on the way: what is replaced whole is replaced, the checkpoint is written over an
  /// older one, the line is added.
  private static func states(
    from old: Snapshot, to new: Snapshot
  ) -> [(files: Snapshot, isCommitted: Bool)] {
    var state = new
    let changed = new.files.keys.filter {
      $0.hasPrefix("checkpoint-") && $0.count == 16 && new.files[$0] != old.files[$0]
    }
    for name in changed + ["journal.jsonl"] { state.files[name] = old.files[name] }
    var states = [(state, false)]
    for (name, step) in changed.map({ ($0, 7) }) + [("journal.jsonl", 1)] {
      let (before, after) = (old.files[name] ?? [], new.files[name] ?? [])
      let isJournal = name == "journal.jsonl"
      for count in Array(stride(from: isJournal ? before.count : 0, to: after.count, by: step))
        + [after.count]
      {
        state.files[name] = Array(after.prefix(count) + before.dropFirst(count))
        states.append((state, isJournal || state.files[name]?.starts(with: after) == true))
      }
    }
    return states
  }

  @Test("ends with the same bytes however its end was cut short")
  func end() throws {
    let (whole, events) = (try undisturbed(), try voyage.events())
    let committed = try #require(events.lastIndex { $0.checkpoint != nil })
    try withTemporaryDirectory { path in
      try voyage.record(events, in: path + "/after")
      let end = try Snapshot(of: path + "/after")
      try voyage.record(events[...(committed + 1)], in: path + "/before")
      var state = try Snapshot(of: path + "/before")
      let start = state.files["journal.jsonl"]?.count ?? 0
      let journal = try #require(end.files["journal.jsonl"])
      state.files.merge(end.files.filter { $0.key != "journal.jsonl" }) { $1 }
      for count in stride(from: start, to: journal.count, by: 31) {
        state.files["journal.jsonl"] = Array(journal.prefix(count))
        try state.restore(in: path + "/run")
        try voyage.goOn(in: path + "/run")
        #expect(try Snapshot(of: path + "/run").lasting == whole, "cut after \(count)")
      }
    }
  }

  @Test("goes on after an interruption, after each round and again and again")
  func interrupted() throws {
    let whole = try undisturbed()
    try withTemporaryDirectory { path in
      for moment in 0..<40 {
        let run = path + "/\(moment)"
        var asked = 0
        let ending = try voyage.begin(
          in: run,
          isInterrupted: {
            asked += 1
            return asked > moment
          })
        guard ending.outcome == .interrupted else { continue }
        try voyage.goOn(in: run)
        #expect(try Snapshot(of: run).lasting == whole, "interrupted at \(moment)")
      }
    }
  }

  @Test("goes on after a lost quorum, with the round that lacked it")
  func quorumLost() throws {
    let whole = try undisturbed()
    try withTemporaryDirectory { path in
      let ending = try voyage.begin(
        in: path, prepare: { simulation in simulation.when(.round(3)) { $0.kill(1) } })
      #expect(ending.outcome == .quorumLost)
      #expect(text(of: path + "/journal.jsonl").contains(#""missing":["h2"]"#))
      try voyage.goOn(in: path)
      #expect(try Snapshot(of: path).lasting == whole)
    }
  }

  @Test("still tells of the last evaluation when it ends before another one is made")
  func evaluation() throws {
    let events = try voyage.events()
    let last = try #require(events.lastIndex { $0.checkpoint?.round == 3 })
    try withTemporaryDirectory { path in
      try voyage.record(events[...(last + 1)], in: path)
      let told = text(of: path + "/results.json")
      let run = try voyage.unfinished(in: path)
      let recorder = try RunRecorder(
        RunDirectory(resuming: path), of: voyage.scenario, tensors: voyage.tensors, resuming: run)
      let ending = Ending(
        outcome: .interrupted, round: 3, parameters: run.checkpoint?.parameters ?? [], reason: "x")
      try recorder.observe(.ended(ending))
      let evaluation = try #require(told.firstRange(of: "\"evaluation\""))
      #expect(text(of: path + "/results.json").hasSuffix(told[evaluation.lowerBound...]))
    }
  }

  @Test("after a loss of power it goes on from what the disk was last waited for, or from later")
  func powerLoss() throws {
    let (whole, events) = (try undisturbed(), try voyage.events())
    // The disk is waited for at the evaluation after round 2.
    let waited = try #require(events.firstIndex { $0.checkpoint?.isEvaluated == true }) + 1
    let last = try #require(events.lastIndex { $0.checkpoint != nil }) + 1
    try withTemporaryDirectory { path in
      try voyage.record(events[...waited], in: path + "/waited")
      try voyage.record(events[...last], in: path + "/last")
      let (disk, memory) = (try Snapshot(of: path + "/waited"), try Snapshot(of: path + "/last"))
      let slots = disk.files.keys.filter { $0.hasPrefix("checkpoint-") }.sorted()
      let kept = try #require(disk.files["journal.jsonl"]).count
      for lost in 0..<(1 << slots.count) {
        for length in stride(from: kept, through: memory.files["journal.jsonl"]?.count ?? 0, by: 97)
        {
          var state = memory
          for (place, name) in slots.enumerated() where lost >> place & 1 == 1 {
            guard state.files[name] != disk.files[name] else { continue }
            state.files[name] = Array(repeating: 0, count: 40)
          }
          state.files["journal.jsonl"] = memory.files["journal.jsonl"].map {
            Array($0.prefix(length))
          }
          try state.restore(in: path + "/run")
          let round = try voyage.unfinished(in: path + "/run").checkpoint?.round ?? -1
          #expect(round >= 2, "without \(lost), of \(length) bytes")
          if length == kept {
            try voyage.goOn(in: path + "/run")
            #expect(try Snapshot(of: path + "/run").lasting == whole)
          }
        }
      }
    }
  }
}

extension RunEvent {
  var checkpoint: Coordinator.Checkpoint? {
    if case .checkpoint(let checkpoint) = self { checkpoint } else { nil }
  }
}
