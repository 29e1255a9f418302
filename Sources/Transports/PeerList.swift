/// Several peers, each once; those whose identities follow each other take no more memory than one.
///
/// Shorter identities come first, equally long ones in their order.
public struct PeerList: Sequence, Sendable, Equatable {
  private struct Span: Equatable, Sendable {
    let first: Peer
    var count: Int
  }

  private var spans: [Span] = []

  /// The peers that are in any of `spans`: the first of each, and how many follow each other from it.
  public init(_ spans: [(first: Peer, count: Int)]) {
    let inOrder = spans.sorted {
      ($0.first.identityBytes, $0.first) < ($1.first.identityBytes, $1.first)
    }
    for (first, count) in inOrder {
      if let last = self.spans.last, let offset = first.offset(from: last.first),
        offset <= last.count
      {
        self.spans[self.spans.count - 1].count = Swift.max(last.count, offset + count)
      } else {
        self.spans.append(Span(first: first, count: count))
      }
    }
  }

  /// Goes through the peers, each made when its turn has come.
  public func makeIterator() -> some IteratorProtocol<Peer> {
    spans.lazy.flatMap { span in
      (0..<span.count).lazy.compactMap { span.first.advanced(by: $0) }
    }.makeIterator()
  }
}
