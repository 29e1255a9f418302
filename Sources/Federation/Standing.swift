import Transports

/// How a hospital stands with the run.
enum Standing: Equatable {
  /// Its node has not said hello yet.
  case absent
  /// Its node is this one.
  case present(Peer)
  /// It let a deadline pass; this was its node.
  case lost(Peer)
  /// Its node said farewell.
  case left

  /// The node that spoke for it last, unless that has said farewell.
  var speaker: Peer? {
    switch self {
    case .present(let peer), .lost(let peer): peer
    case .absent, .left: nil
    }
  }

  /// The same, by the node whose identity is so much greater; `nil` where there is none.
  func advanced(by count: Int) -> Standing? {
    guard count > 0 else { return self }
    return switch self {
    case .absent, .left: self
    case .present(let peer): peer.advanced(by: count).map { .present($0) }
    case .lost(let peer): peer.advanced(by: count).map { .lost($0) }
    }
  }
}
