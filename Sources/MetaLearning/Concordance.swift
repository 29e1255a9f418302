/// How often a score ranks a patient of class 1 above one of class 0: the numerator and denominator
/// of the area under the receiver operating characteristic.
struct Concordance {
  /// The pairs of one patient of each class.
  private(set) var pairs = 0.0
  /// Those in which class 1 has the higher score; ties count half.
  private(set) var concordant = 0.0

  /// Counts by one sweep in ascending order of the scores, in `n log n`.
  init(of scores: [Double], with outcomes: [Float]) {
    let ascending = scores.indices.sorted { scores[$0] < scores[$1] }
    var below = 0.0
    var position = 0
    while position < ascending.count {
      let score = scores[ascending[position]]
      var (ones, zeros) = (0.0, 0.0)
      repeat {
        if outcomes[ascending[position]] == 1 { ones += 1 } else { zeros += 1 }
        position += 1
      } while position < ascending.count && scores[ascending[position]] == score
      concordant += ones * (below + zeros / 2)
      below += zeros
    }
    pairs = below * (Double(outcomes.count) - below)
  }
}
