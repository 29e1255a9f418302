/// What becomes of one copy of a message on its way: a message that is lost has none.
public struct Passage: Equatable, Sendable {
  /// The way that a message goes.
  public enum Direction: String, CaseIterable, Sendable {
    /// From the coordinator to a hospital.
    case toHospital = "to-hospital"
    /// From a hospital to the coordinator.
    case toCoordinator = "to-coordinator"
  }

  /// How much later it comes.
  public var delay = Duration.zero
  /// Whether its envelope comes damaged, so that it is no message.
  public var isDamaged = false

  /// At once, whole, and to be changed.
  public init() {}
}

extension Frame {
  /// The frame with its first byte changed, which makes an envelope unreadable for everyone.
  ///
  /// An envelope begins with the key of its version, field 1 of wire type 0. With its low four bits
  /// inverted it is the key of field 0 of wire type 7, neither of which exists.
  public var damaged: Frame {
    var bytes = bytes()
    if let first = bytes.first { bytes[0] = first ^ 0x0F }
    return Frame(bytes)
  }
}
