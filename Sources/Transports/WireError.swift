/// Why something that came over the wire is not a message.
///
/// Sizes and numbers are told, contents never: what a stranger sends may be anything.
public enum WireError: Error, Equatable, Sendable {
  /// The envelope is of another version of the contract; nothing else of it has been read.
  case foreignVersion(UInt32)
  /// There is more of something than the limits accept.
  case tooMany(String, found: Int, accepted: Int)
  /// The first frame is not an envelope of the contract.
  case unreadableEnvelope
  /// The envelope holds no message that this version knows.
  case noKnownMessage
  /// A field has a value that the contract does not know.
  case invalid(field: String, found: String, accepted: String)
  /// The number of tensor frames is not the number of tensors in the envelope.
  case frameCount(found: Int, described: Int)
  /// A tensor's frame is not as long as its type and shape say.
  case frameSize(tensor: Int, found: Int, described: Int)
}

extension WireError: CustomStringConvertible {
  /// What was found and what is accepted, in words.
  public var description: String {
    switch self {
    case .foreignVersion(let version):
      "A message of version \(version) of the contract came; this program speaks version "
        + "\(protocolVersion). Use the same release at both ends."
    case .tooMany(let what, let found, let accepted):
      "A message with \(found) \(what) came; at most \(accepted) are accepted."
    case .unreadableEnvelope:
      "A message came whose first frame is not an envelope of consilium.proto."
    case .noKnownMessage:
      "An envelope without any of the messages of version \(protocolVersion) of the contract came."
    case .invalid(let field, let found, let accepted):
      "A message came whose \(field) is \(found); accepted: \(accepted)."
    case .frameCount(let found, let described):
      "A message with \(found) tensor frames came; its envelope describes \(described)."
    case .frameSize(let tensor, let found, let described):
      "A message came whose tensor \(tensor + 1) has \(found) bytes; its type and shape say "
        + "\(described)."
    }
  }
}
