internal import FoundationEssentials
internal import SwiftProtobuf

/// Reads the parts that messages share, each against the limits.
struct Reading {
  let limits: Limits
  /// The frames after the envelope.
  let frames: ArraySlice<Frame>

  func checkNoFrames() throws(WireError) {
    guard frames.isEmpty else { throw .frameCount(found: frames.count, described: 0) }
  }

  func turn(_ turn: Consilium_Turn) throws(WireError) -> Turn {
    guard let phase = Phase(turn.phase) else {
      throw .unknown("turn.phase", turn.phase.rawValue, Phase.allCases)
    }
    return Turn(run: try run(turn.run), phase: phase, round: Int(turn.round))
  }

  func run(_ run: Data) throws(WireError) -> [UInt8] {
    try bytes(run, 16, "run")
  }

  func bytes(_ data: Data, _ count: Int, _ field: String) throws(WireError) -> [UInt8] {
    guard data.count == count else {
      throw .invalid(field: field, found: "\(data.count) bytes", accepted: "\(count) bytes")
    }
    return [UInt8](data)
  }

  // MARK: Text

  func names(_ names: [String]) throws(WireError) -> [String] {
    try limits.check(names.count, of: "hospitals", atMost: limits.hospitals)
    for name in names { _ = try self.name(name, "hospitals") }
    return names
  }

  func name(_ name: String, _ field: String) throws(WireError) -> String {
    guard !name.isEmpty else {
      throw .invalid(field: field, found: "empty", accepted: "a name")
    }
    return try text(name, field, limits.nameBytes)
  }

  func reason(_ reason: String) throws(WireError) -> String {
    try text(reason, "reason", limits.reasonBytes)
  }

  private func text(_ text: String, _ field: String, _ accepted: Int) throws(WireError) -> String {
    try limits.check(text.utf8.count, of: "bytes of \(field)", atMost: accepted)
    guard !text.hasControlCharacters else {
      throw .invalid(
        field: field, found: "text with control characters", accepted: "printable text")
    }
    return text
  }

  // MARK: Tensors

  func tensors(_ described: [Consilium_Tensor]) throws(WireError) -> [Tensor] {
    try limits.check(described.count, of: "tensors", atMost: limits.tensors)
    guard described.count == frames.count else {
      throw .frameCount(found: frames.count, described: described.count)
    }
    var tensors: [Tensor] = []
    for (index, (description, frame)) in zip(described, frames).enumerated() {
      tensors.append(try tensor(description, index, frame))
    }
    return tensors
  }

  private func tensor(
    _ description: Consilium_Tensor, _ index: Int, _ frame: Frame
  ) throws(WireError) -> Tensor {
    guard let scalar = Tensor.Scalar(rawValue: description.scalar.rawValue) else {
      throw .unknown("tensor.scalar", description.scalar.rawValue, Tensor.Scalar.allCases)
    }
    let shape = try shape(description.shape)
    let bytes = shape.reduce(scalar.width, *)
    guard frame.count == bytes else {
      throw .frameSize(tensor: index, found: frame.count, described: bytes)
    }
    let meaning = try name(description.meaning, "tensor.meaning")
    let exponent = try exponent(description.exponent, of: scalar)
    return Tensor(
      meaning: meaning, scalar: scalar, shape: shape, exponent: exponent, frame: frame)
  }

  private func exponent(_ exponent: Int32, of scalar: Tensor.Scalar) throws(WireError) -> Int {
    let accepted: ClosedRange<Int32> = scalar == .int64 ? -1074...1023 : 0...0
    guard accepted.contains(exponent) else {
      throw .invalid(
        field: "tensor.exponent", found: "\(exponent)",
        accepted: "\(accepted.lowerBound) to \(accepted.upperBound) for \(scalar)")
    }
    return Int(exponent)
  }

  /// The extents, whose product is within the limit in every order, so that it cannot overflow
  /// for anyone: an extent of 0 does not excuse the others.
  private func shape(_ extents: [UInt64]) throws(WireError) -> [Int] {
    try limits.check(extents.count, of: "extents of a tensor", atMost: limits.rank)
    var elements = 1
    for extent in extents {
      let (product, overflow) = elements.multipliedReportingOverflow(
        by: max(Int(clamping: extent), 1))
      elements = overflow ? .max : product
      try limits.check(elements, of: "numbers in a tensor", atMost: limits.elements)
    }
    return extents.map { Int(clamping: $0) }
  }
}

extension WireError {
  /// A number of an enumeration that this version does not know.
  static func unknown<Value: RawRepresentable<Int>>(
    _ field: String, _ found: Int, _ accepted: [Value]
  ) -> WireError {
    let numbers = accepted.map { "\($0.rawValue) (\($0))" }.joined(separator: ", ")
    return .invalid(field: field, found: "\(found)", accepted: numbers)
  }
}
