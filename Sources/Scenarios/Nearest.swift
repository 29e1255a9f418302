/// Finds the accepted word that was probably meant.
enum Nearest {
  /// The word of `candidates` that is nearest to `word`, if it is near.
  ///
  /// Near means that at most a third of its letters differ, or one. Case and the choice of `-` or `_` do not count.
  static func match(_ word: String, among candidates: some Sequence<String>) -> String? {
    let folded = fold(word)
    let limit = max(1, folded.count / 3)
    let scored = candidates.map { (distance: distance(folded, fold($0)), word: $0) }
    guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
      return nil
    }
    return best.word
  }

  private static func fold(_ word: String) -> [Character] {
    // A mistyped key is short; a long text is not worth quadratic work.
    word.prefix(64).lowercased().map { $0 == "_" ? "-" : $0 }
  }

  /// The optimal string alignment distance (restricted Damerau-Levenshtein): insertions, deletions,
  /// substitutions and swaps of neighbours that turn one word into the other.
  static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        let substitution = last[j] + (first[i] == second[j] ? 0 : 1)
        var best = min(row[j] + 1, last[j + 1] + 1, substitution)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[second.count]
  }
}
