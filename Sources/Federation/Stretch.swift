import Transports

/// Neighbours in a page of ``Standings`` that stand alike.
struct Stretch {
  /// How the first of them stands.
  let first: Standing
  /// Whether the node of each is the one whose identity follows that of the one before; else they have
  /// the same.
  var isAscending = false
  /// The place in the page behind the last of them.
  var end: Int16

  init(_ first: Standing, until end: Int) {
    (self.first, self.end) = (first, Int16(end))
  }

  /// How the one stands that is so many places behind the first.
  func standing(_ offset: Int) -> Standing {
    isAscending ? first.advanced(by: offset) ?? first : first
  }
}

// MARK: Pages

extension [Stretch] {
  /// How the one at `place` stands.
  func standing(at place: Int) -> Standing {
    let index = index(of: place)
    return self[index].standing(place - places(of: index).lowerBound)
  }

  /// The places of those that `peer` spoke for last, in ascending order.
  func places(speaking peer: Peer) -> [Int] {
    indices.flatMap { index -> [Int] in
      let places = places(of: index)
      guard let speaker = self[index].first.speaker, let offset = peer.offset(from: speaker) else {
        return []
      }
      if self[index].isAscending { return places.dropFirst(offset).prefix(1).map(\.self) }
      return offset == 0 ? places.map(\.self) : []
    }
  }

  /// The nodes that speak for them: the first of each stretch, and how many follow each other.
  var speakers: [(first: Peer, count: Int)] {
    indices.compactMap { index in
      let count = self[index].isAscending ? places(of: index).count : 1
      return self[index].first.speaker.map { ($0, count) }
    }
  }

  /// The stretch that `place` of the page is in.
  private func index(of place: Int) -> Int {
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if place < Int(self[middle].end) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The places of a stretch.
  private func places(of index: Int) -> Range<Int> {
    (index == 0 ? 0 : Int(self[index - 1].end))..<Int(self[index].end)
  }

  /// Makes the one at `place` stand otherwise.
  mutating func put(_ standing: Standing, at place: Int) {
    let index = index(of: place)
    let (old, places) = (self[index], places(of: index))
    var parts = [Stretch(standing, until: place + 1)]
    if place > places.lowerBound {
      var before = old
      before.end = Int16(place)
      parts.insert(before, at: 0)
    }
    if place + 1 < places.upperBound {
      var behind = Stretch(
        old.standing(place + 1 - places.lowerBound), until: places.upperBound)
      behind.isAscending = old.isAscending
      parts.append(behind)
    }
    replaceSubrange(index...index, with: parts)
    join(around: place > places.lowerBound ? index + 1 : index)
  }

  /// Puts a stretch together with its neighbours where they stand alike.
  private mutating func join(around index: Int) {
    if index + 1 < count { join(index) }
    if index > 0 { join(index - 1) }
  }

  /// Puts a stretch together with the next where they stand alike.
  private mutating func join(_ index: Int) {
    let (length, next) = (places(of: index).count, places(of: index + 1).count)
    for isAscending in [false, true] {
      guard length == 1 || self[index].isAscending == isAscending,
        next == 1 || self[index + 1].isAscending == isAscending,
        self[index].first.advanced(by: isAscending ? length : 0) == self[index + 1].first
      else { continue }
      self[index].isAscending = isAscending
      self[index].end = self[index + 1].end
      remove(at: index + 1)
      return
    }
  }
}
