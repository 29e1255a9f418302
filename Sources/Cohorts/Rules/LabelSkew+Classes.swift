import Tensors

extension LabelSkew {
  /// The shares that a hospital is to have of classes that have the shares `natural`; nil where it keeps its own.
  ///
  /// A class that is not there gets no share.
  func shares(at hospital: String, natural: [Double], random: RandomStream) -> [Double]? {
    var draw = random.child("hospital").child(hospital)
    let present = natural.indices.filter { natural[$0] > 0 }
    let drawn: [(label: Int, share: Double)]
    switch target {
    case .dirichlet(let alpha):
      let shares = draw.dirichlet(present.map { alpha * natural[$0] })
      drawn = zip(present, shares).map { ($0, $1) }
    case .classes(let count):
      guard count < present.count else { return nil }
      let chosen = draw.sample(count, of: present.count).map { present[$0] }
      let sum = chosen.reduce(0) { $0 + natural[$1] }
      drawn = chosen.map { ($0, natural[$0] / sum) }
    case .prevalence: preconditionFailure("the share of class 1 says nothing of \(classes) classes")
    }
    var shares = Array(repeating: 0.0, count: natural.count)
    for (label, share) in drawn { shares[label] = share }
    return shares
  }

  /// The patients that stay of several classes: those of class c with a probability in proportion to
  /// p_c / q_c, the largest of which is 1.
  func selection(of cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    let natural = cohort.shares(ofClasses: classes)
    guard natural.count(where: { $0 > 0 }) > 1,
      let aim = shares(at: cohort.hospital, natural: natural, random: random)
    else { return cohort }
    let weights = zip(natural, aim).map { share, aim in
      share > 0 ? (share + strength * (aim - share)) / share : 0
    }
    let largest = weights.max() ?? 1
    return cohort.keeping(
      cohort.outcomes.indices.filter { row in
        var draw = random.patient(cohort.numbers[row], of: cohort.hospital)
        return draw.uniform() < weights[Int(cohort.outcomes[row])] / largest
      })
  }
}

extension Cohort {
  /// The share of each class among the outcomes; 0 each where there are none.
  func shares(ofClasses classes: Int) -> [Double] {
    var counts = Array(repeating: 0.0, count: classes)
    for outcome in outcomes { counts[Int(outcome)] += 1 }
    return counts.map { $0 / Double(max(1, outcomes.count)) }
  }
}
