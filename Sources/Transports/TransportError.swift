/// Why a transport cannot do its work at all.
///
/// What one peer does is never one of these.
public enum TransportError: Error, Equatable, Sendable {
  /// The endpoint is not of a form or of a kind that the transport knows, or cannot be used.
  case endpoint(String, problem: String)
  /// Somebody else listens at the endpoint.
  case endpointInUse(String)
  /// The system refuses something, such as another file descriptor.
  case system(operation: String, problem: String)
  /// The end has been closed by its owner.
  case closed
}

extension TransportError: CustomStringConvertible {
  /// What was found, what is accepted and what to do, in words.
  public var description: String {
    switch self {
    case .endpoint(let endpoint, let problem):
      "The endpoint '\(endpoint)' cannot be used: \(problem). Accepted are tcp://HOST:PORT, such "
        + "as tcp://127.0.0.1:5555 (to bind also tcp://*:PORT), and ipc://PATH with a path of at "
        + "most 107 bytes in a directory that exists."
    case .endpointInUse(let endpoint):
      "The endpoint '\(endpoint)' is in use: another program listens there. Stop it, or choose "
        + "another port or path."
    case .system(let operation, let problem):
      "The system refuses to \(operation): \(problem). Check the limits of this process, such as "
        + "its number of open files (ulimit -n)."
    case .closed:
      "This end of the transport has been closed. Make a new one to go on."
    }
  }
}
