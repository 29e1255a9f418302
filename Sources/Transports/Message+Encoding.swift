internal import FoundationEssentials
internal import SwiftProtobuf

extension Message {
  /// The message as it travels: the envelope, then one frame for each tensor, uncopied.
  ///
  /// Reasons are cut to the standard limit, and control characters in them become spaces; all
  /// else travels as it is, so that what a peer would reject is rejected by the peer.
  public func encoded() -> [Frame] {
    var envelope = Consilium_Envelope()
    envelope.version = protocolVersion
    if case .hello(let hello) = self { envelope.version = hello.version }
    envelope.message = body
    return [Frame(envelope.bytes)] + tensors.map(\.frame)
  }

  /// The tensors whose frames follow the envelope.
  private var tensors: [Tensor] {
    switch self {
    case .assignment(let assignment): assignment.tensors
    case .answer(let answer): answer.tensors
    case .combinedAnswer(let answer): answer.tensors
    case .hello, .welcome, .refused, .farewell: []
    }
  }

  private var body: Consilium_Envelope.OneOf_Message {
    switch self {
    case .hello(let hello): .hello(Consilium_Hello(hello))
    case .welcome(let welcome): .welcome(.with { $0.run = Data(welcome.run) })
    case .refused(let refusal): .refused(Consilium_Refused(refusal))
    case .assignment(let assignment): .assignment(Consilium_Assignment(assignment))
    case .answer(let answer): .answer(Consilium_Answer(answer))
    case .combinedAnswer(let answer): .combinedAnswer(Consilium_CombinedAnswer(answer))
    case .farewell(let farewell): .farewell(Consilium_Farewell(farewell))
    }
  }
}

extension Answer {
  fileprivate var tensors: [Tensor] {
    guard case .contribution(_, let tensors) = outcome else { return [] }
    return tensors
  }
}

extension Consilium_Envelope {
  fileprivate var bytes: [UInt8] {
    do {
      return try serializedBytes()
    } catch {
      preconditionFailure("An envelope of more than 2 GiB cannot be sent: \(error).")
    }
  }
}

extension Consilium_Hello {
  fileprivate init(_ hello: Hello) {
    scenario = Data(hello.scenario)
    hospitals = hello.hospitals
  }
}

extension Consilium_Refused {
  fileprivate init(_ refusal: Refusal) {
    code = Code(refusal.code)
    reason = refusal.reason.fitForTheWire
  }
}

extension Consilium_Farewell {
  fileprivate init(_ farewell: Farewell) {
    code = Code(farewell.code)
    reason = farewell.reason.fitForTheWire
  }
}

extension Consilium_Assignment {
  fileprivate init(_ assignment: Assignment) {
    turn = Consilium_Turn(assignment.turn)
    hospitals = assignment.hospitals
    tensors = assignment.tensors.map(Consilium_Tensor.init)
    patience = UInt32(clamping: assignment.patience ?? 0)
  }
}

extension Consilium_Answer {
  fileprivate init(_ answer: Answer) {
    turn = Consilium_Turn(answer.turn)
    hospital = answer.hospital
    switch answer.outcome {
    case .contribution(let episodes, let tensors):
      contribution.episodes = UInt32(episodes)
      contribution.tensors = tensors.map(Consilium_Tensor.init)
    case .declined(let reason):
      declined.reason = reason.fitForTheWire
    }
  }
}

extension Consilium_CombinedAnswer {
  fileprivate init(_ answer: CombinedAnswer) {
    turn = Consilium_Turn(answer.turn)
    hospitals = answer.hospitals
    declined = answer.declined.map(Consilium_DeclinedHospital.init)
    missing = answer.missing
    episodes = UInt32(answer.episodes)
    tensors = answer.tensors.map(Consilium_Tensor.init)
  }
}

extension Consilium_DeclinedHospital {
  fileprivate init(_ declined: CombinedAnswer.Declined) {
    hospital = declined.hospital
    reason = declined.reason.fitForTheWire
    diverged = declined.diverged
  }
}

extension Consilium_Turn {
  fileprivate init(_ turn: Turn) {
    run = Data(turn.run)
    phase = Consilium_Phase(turn.phase)
    round = UInt32(turn.round)
  }
}

extension Consilium_Tensor {
  fileprivate init(_ tensor: Tensor) {
    meaning = tensor.meaning
    scalar = Scalar(tensor.scalar)
    shape = tensor.shape.map(UInt64.init)
    exponent = Int32(clamping: tensor.exponent)
  }
}
