import Transports

/// How each of many hospitals stands, by their places.
///
/// Neighbours that stand alike are kept as one stretch of 16 bytes: those that one node speaks for, and
/// those whose nodes have identities that follow each other, as in a simulation or where nodes are
/// started one after the other. Stretches are kept in pages, so that a change moves few of them: where
/// no two neighbours are alike, it takes 16 to 32 bytes a hospital.
struct Standings {
  /// The hospitals of a page.
  private static let page = 1024

  private var pages: [[Stretch]]

  /// So many hospitals that have not come yet.
  init(count: Int) {
    pages = stride(from: 0, to: count, by: Self.page).map { first in
      [Stretch(.absent, until: min(Self.page, count - first))]
    }
  }

  /// The stretches that are kept.
  var stretchCount: Int { pages.reduce(0) { $0 + $1.count } }

  subscript(place: Int) -> Standing {
    get {
      let (page, place) = place.quotientAndRemainder(dividingBy: Self.page)
      return pages[page].standing(at: place)
    }
    set {
      let (page, place) = place.quotientAndRemainder(dividingBy: Self.page)
      pages[page].put(newValue, at: place)
    }
  }

  /// The places of the hospitals that `peer` spoke for last, in ascending order.
  func places(of peer: Peer) -> [Int] {
    pages.enumerated().flatMap { number, page in
      page.places(speaking: peer).map { number * Self.page + $0 }
    }
  }

  /// The nodes that speak for hospitals: the first of each stretch, and how many follow each other.
  var speakers: [(first: Peer, count: Int)] {
    pages.flatMap(\.speakers)
  }
}
