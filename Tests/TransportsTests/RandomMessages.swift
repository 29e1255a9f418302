import Transports

extension SplitMix {
  /// Any message that keeps the contract.
  mutating func message() -> Message {
    switch Int.random(in: 0..<7, using: &self) {
    case 0: .hello(Hello(version: protocolVersion, scenario: bytes(32), hospitals: names()))
    case 1: .welcome(Welcome(run: bytes(16)))
    case 2: .refused(Refusal(code: any(Refusal.Code.allCases), reason: text(0...200)))
    case 3: .assignment(assignment())
    case 4: .answer(Answer(turn: turn(), hospital: text(1...30), outcome: outcome()))
    case 5: .combinedAnswer(combinedAnswer())
    default: .farewell(Farewell(code: any(Farewell.Code.allCases), reason: text(0...200)))
    }
  }

  mutating func any<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &self)]
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
  }

  mutating func turn() -> Turn {
    Turn(
      run: bytes(16), phase: any(Phase.allCases), round: Int.random(in: 0...100_000, using: &self))
  }

  private mutating func names() -> [String] {
    (0..<Int.random(in: 0...5, using: &self)).map { _ in text(1...30) }
  }

  private mutating func text(_ count: ClosedRange<Int>) -> String {
    let letters = Array("abc xyz-0189_äß€北🏥'\"\\<>")
    return String((0..<Int.random(in: count, using: &self)).map { _ in any(letters) })
  }

  private mutating func assignment() -> Assignment {
    let patience = any([nil, 1, 30_000, Int(UInt32.max)])
    return Assignment(turn: turn(), hospitals: names(), tensors: tensors(), patience: patience)
  }

  private mutating func combinedAnswer() -> CombinedAnswer {
    var named = Set(names() + names() + [text(1...30)]).sorted()
    let missing = (0..<Int.random(in: 0..<named.count, using: &self)).map { _ in named.removeLast()
    }
    let hospitals = Bool.random(using: &self) ? [] : [named.removeLast()]
    let declined = named.map {
      CombinedAnswer.Declined(
        hospital: $0, reason: text(0...100), diverged: Bool.random(using: &self))
    }
    return CombinedAnswer(
      turn: turn(), hospitals: hospitals, declined: declined, missing: missing,
      episodes: Int.random(in: 0...64, using: &self), tensors: hospitals.isEmpty ? [] : tensors())
  }

  private mutating func outcome() -> Answer.Outcome {
    if Bool.random(using: &self) { return .declined(reason: text(0...100)) }
    return .contribution(episodes: Int.random(in: 0...64, using: &self), tensors: tensors())
  }

  private mutating func tensors() -> [Tensor] {
    (0..<Int.random(in: 0...4, using: &self)).map { _ in tensor() }
  }

  private mutating func tensor() -> Tensor {
    let scalar = any(Tensor.Scalar.allCases)
    let shape = (0..<Int.random(in: 0...4, using: &self)).map { _ in
      Int.random(in: 0...6, using: &self)
    }
    let frame = Frame(bytes(shape.reduce(scalar.width, *)))
    let exponent = scalar == .int64 ? Int.random(in: -1074...1023, using: &self) : 0
    return Tensor(
      meaning: text(1...20), scalar: scalar, shape: shape, exponent: exponent, frame: frame)
  }
}
