/// How much of anything a peer may send.
///
/// Every limit is checked before anything of that size is allocated or read.
public struct Limits: Equatable, Sendable {
  /// The bytes of one frame; a transport disconnects a peer that announces more.
  public var frameBytes = 256 << 20
  /// The bytes of an envelope.
  public var envelopeBytes = 1 << 20
  /// The tensors of one message; it has one frame more.
  public var tensors = 16
  /// The extents of a tensor.
  public var rank = 4
  /// The numbers of a tensor.
  public var elements = 64 << 20
  /// The hospitals that one message names.
  public var hospitals = 16_384
  /// The bytes of a hospital's name, and of a tensor's meaning, in UTF-8.
  public var nameBytes = 128
  /// The bytes of a reason, in UTF-8.
  public var reasonBytes = 4_096

  /// The limits of the contract.
  public static let standard = Limits()

  /// The limits of the contract, to be changed one by one.
  public init() {}
}
