internal import FoundationEssentials
internal import SwiftProtobuf

extension Message {
  /// Reads what has come over the wire, checking everything against the contract and the limits.
  ///
  /// Frames are kept, not copied. The cost is that of parsing the envelope.
  ///
  /// - Throws: ``WireError`` with what was found and what is accepted;
  ///   ``WireError/foreignVersion(_:)`` before anything else of the envelope is looked at.
  public static func decoded(
    from frames: [Frame], limits: Limits = .standard
  ) throws(WireError) -> Message {
    let envelope = try Consilium_Envelope(checking: frames, limits: limits)
    guard let body = envelope.message else { throw .noKnownMessage }
    let reading = Reading(limits: limits, frames: frames.dropFirst())
    if let message = try reading.messageWithTensors(body) { return message }
    try reading.checkNoFrames()
    return try reading.messageWithoutTensors(body)
  }
}

extension Consilium_Envelope {
  fileprivate init(checking frames: [Frame], limits: Limits) throws(WireError) {
    guard let first = frames.first else { throw .unreadableEnvelope }
    try limits.check(frames.count - 1, of: "tensor frames", atMost: limits.tensors)
    try limits.check(first.count, of: "bytes of envelope", atMost: limits.envelopeBytes)
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    options.messageDepthLimit = 8
    do {
      try self.init(serializedBytes: first.bytes(), options: options)
    } catch {
      throw .unreadableEnvelope
    }
    guard version == protocolVersion else { throw .foreignVersion(version) }
  }
}

extension Limits {
  func check(_ found: Int, of what: String, atMost accepted: Int) throws(WireError) {
    guard found <= accepted else {
      throw .tooMany(what, found: found, accepted: accepted)
    }
  }
}

extension Reading {
  fileprivate func messageWithTensors(
    _ body: Consilium_Envelope.OneOf_Message
  ) throws(WireError) -> Message? {
    switch body {
    case .assignment(let assignment): .assignment(try self.assignment(assignment))
    case .answer(let answer): .answer(try self.answer(answer))
    case .combinedAnswer(let answer): .combinedAnswer(try self.combinedAnswer(answer))
    case .hello, .welcome, .refused, .farewell: nil
    }
  }

  fileprivate func messageWithoutTensors(
    _ body: Consilium_Envelope.OneOf_Message
  ) throws(WireError) -> Message {
    switch body {
    case .hello(let hello): .hello(try self.hello(hello))
    case .welcome(let welcome): .welcome(Welcome(run: try run(welcome.run)))
    case .refused(let refused): .refused(try self.refusal(refused))
    case .farewell(let farewell): .farewell(try self.farewell(farewell))
    case .assignment, .answer, .combinedAnswer: throw .noKnownMessage
    }
  }

  private func hello(_ hello: Consilium_Hello) throws(WireError) -> Hello {
    Hello(
      version: protocolVersion,
      scenario: try bytes(hello.scenario, 32, "hello.scenario"),
      hospitals: try names(hello.hospitals))
  }

  private func refusal(_ refused: Consilium_Refused) throws(WireError) -> Refusal {
    guard let code = Refusal.Code(rawValue: refused.code.rawValue) else {
      throw .unknown("refused.code", refused.code.rawValue, Refusal.Code.allCases)
    }
    return Refusal(code: code, reason: try reason(refused.reason))
  }

  private func farewell(_ farewell: Consilium_Farewell) throws(WireError) -> Farewell {
    guard let code = Farewell.Code(rawValue: farewell.code.rawValue) else {
      throw .unknown("farewell.code", farewell.code.rawValue, Farewell.Code.allCases)
    }
    return Farewell(code: code, reason: try reason(farewell.reason))
  }

  private func assignment(_ assignment: Consilium_Assignment) throws(WireError) -> Assignment {
    Assignment(
      turn: try turn(assignment.turn),
      hospitals: try names(assignment.hospitals),
      tensors: try tensors(assignment.tensors),
      patience: assignment.patience == 0 ? nil : Int(assignment.patience))
  }

  private func answer(_ answer: Consilium_Answer) throws(WireError) -> Answer {
    Answer(
      turn: try turn(answer.turn),
      hospital: try name(answer.hospital, "answer.hospital"),
      outcome: try outcome(answer.outcome))
  }

  private func outcome(
    _ outcome: Consilium_Answer.OneOf_Outcome?
  ) throws(WireError) -> Answer.Outcome {
    switch outcome {
    case .contribution(let sums):
      return .contribution(episodes: Int(sums.episodes), tensors: try tensors(sums.tensors))
    case .declined(let declined):
      try checkNoFrames()
      return .declined(reason: try reason(declined.reason))
    case nil:
      throw .invalid(
        field: "answer.outcome", found: "missing", accepted: "contribution or declined")
    }
  }
}

// MARK: Combined answers

extension Reading {
  fileprivate func combinedAnswer(
    _ answer: Consilium_CombinedAnswer
  ) throws(WireError) -> CombinedAnswer {
    try checkNames(of: answer)
    if answer.hospitals.isEmpty { try checkNoFrames() }
    return CombinedAnswer(
      turn: try turn(answer.turn),
      hospitals: answer.hospitals,
      declined: try answer.declined.map { declined throws(WireError) in
        CombinedAnswer.Declined(
          hospital: declined.hospital, reason: try reason(declined.reason),
          diverged: declined.diverged)
      },
      missing: answer.missing,
      episodes: Int(answer.episodes),
      tensors: try tensors(answer.tensors))
  }

  /// A hospital that was named twice would be counted twice.
  private func checkNames(of answer: Consilium_CombinedAnswer) throws(WireError) {
    let (counted, declined, missing) = (answer.hospitals, answer.declined, answer.missing)
    try limits.check(
      counted.count + declined.count + missing.count, of: "hospitals", atMost: limits.hospitals)
    let named = try names(counted + declined.map(\.hospital) + missing)
    guard !named.isEmpty, Set(named).count == named.count else {
      throw .invalid(
        field: "combined_answer.hospitals", found: named.isEmpty ? "none" : "a hospital twice",
        accepted: "at least one hospital, each once")
    }
  }
}
