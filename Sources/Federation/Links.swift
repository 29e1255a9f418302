import Transports

/// The links of nodes and regions to whoever is above them: what they carry, and until when they are busy.
///
/// Messages of one direction follow each other; a link that was never used takes no memory.
struct Links {
  private struct Link {
    var isFree = (down: Instant.zero, up: Instant.zero)
    var isQuiet = Instant.zero
    var bytes = (down: 0, up: 0)
  }

  private var links: [Int: Link] = [:]

  /// Carries a message that is sent at `now`, and gives what it takes until it arrives.
  mutating func carry(
    _ bytes: Int, _ direction: Letter.Direction, _ node: Int, at now: Instant, transfer: Duration,
    latency: Duration
  ) -> Duration {
    var link = links[node] ?? Link()
    let free = direction == .toNode ? link.isFree.down : link.isFree.up
    let sent = max(now, free) + transfer
    if direction == .toNode {
      link.isFree.down = sent
      link.bytes.down += bytes
    } else {
      link.isFree.up = sent
      link.bytes.up += bytes
    }
    link.isQuiet = max(link.isQuiet, sent + latency)
    links[node] = link
    return sent + latency - now
  }

  /// Notes that what was sent from a node had so many bytes more, or less, than it was taken for.
  mutating func correct(_ bytes: Int, from node: Int) {
    links[node]?.bytes.up += bytes
  }

  /// Until when something that was sent is on its way.
  func quietness(of node: Int) -> Instant { links[node]?.isQuiet ?? .zero }

  /// The nodes and regions whose links were used, and the bytes they carried, in order.
  var traffic: [(node: Int, down: Int, up: Int)] {
    links.sorted { $0.key < $1.key }.map { ($0.key, $0.value.bytes.down, $0.value.bytes.up) }
  }
}

/// How many bytes messages take on the wire: envelope and frames.
///
/// A message that differs from an earlier one only in a name of equal length is not encoded again.
struct MessageSizes {
  private struct Key: Hashable {
    var isAnswer: Bool
    var phase: Phase
    var round: Int
    var patience: Int?
    var nameBytes: Int
  }

  private var known: [Key: Int] = [:]

  mutating func bytes(of message: Message) -> Int {
    guard let key = key(of: message) else { return message.encodedSize }
    if let bytes = known[key] { return bytes }
    if known.count > 1_000 { known.removeAll() }
    let bytes = message.encodedSize
    known[key] = bytes
    return bytes
  }

  /// What decides the size of a message to or from one hospital; answers are contributions here.
  private func key(of message: Message) -> Key? {
    switch message {
    case .assignment(let assignment) where assignment.hospitals.count == 1:
      Key(
        isAnswer: false, phase: assignment.turn.phase, round: assignment.turn.round,
        patience: assignment.patience,
        nameBytes: assignment.hospitals[0].utf8.count)
    case .answer(let answer):
      Key(
        isAnswer: true, phase: answer.turn.phase, round: answer.turn.round,
        nameBytes: answer.hospital.utf8.count)
    default: nil
    }
  }
}

extension Message {
  /// The bytes of the envelope and of all frames.
  var encodedSize: Int { encoded().reduce(0) { $0 + $1.count } }
}
