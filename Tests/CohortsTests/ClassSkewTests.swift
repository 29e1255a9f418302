import Cohorts
import Tensors
import Testing

@Suite("Label skew of several classes")
struct ClassSkewTests {
  /// Patients of four of five classes, in the shares 0.1, 0.2, 0.3 and 0.4; the second class has nobody.
  private func patients(_ count: Int, at hospital: String = "h") -> Cohort {
    let labels: [Float] = [0, 2, 2, 3, 3, 3, 4, 4, 4, 4]
    return Cohort(
      hospital: hospital, features: ["x"],
      inputs: Matrix(rows: count, columns: 1, scalars: (0..<count).map { Float($0) }),
      outcomes: (0..<count).map { labels[$0 % 10] })
  }

  private func shares(_ cohort: Cohort) -> [Double] {
    (0..<5).map { label in
      Double(cohort.outcomes.count { $0 == Float(label) }) / Double(max(1, cohort.outcomes.count))
    }
  }

  private let random = RandomStream(seed: 5).child("skew")

  @Test(
    "so many of the classes that are there remain, in proportion, and each class somewhere",
    arguments: 1...3)
  func classes(count: Int) {
    let skew = LabelSkew(.classes(count), classes: 5)
    var seen: Set<Int> = []
    for hospital in 0..<40 {
      let cohort = patients(1000, at: "h\(hospital)")
      let kept = skew.applied(to: cohort, strength: 1, random: random)
      let present = shares(kept).indices.filter { shares(kept)[$0] > 0 }
      #expect(present.count == count)
      for label in present {
        #expect(
          kept.outcomes.count { $0 == Float(label) } == cohort.outcomes.count { $0 == Float(label) }
        )
      }
      seen.formUnion(present)
    }
    #expect(seen == [0, 2, 3, 4])
    let all = LabelSkew(.classes(4), classes: 5)
    #expect(all.applied(to: patients(100), strength: 1, random: random) == patients(100))
  }

  @Test(
    "shares follow the Dirichlet law: their mean is the natural share, their variance that of the law"
  )
  func dirichlet() {
    let alpha = 4.0
    let skew = LabelSkew(.dirichlet(alpha), classes: 5)
    let drawn = (0..<400).map { hospital in
      shares(
        skew.applied(to: patients(2000, at: "h\(hospital)"), strength: 1, random: random))
    }
    for (label, natural) in [0.1, 0, 0.2, 0.3, 0.4].enumerated() {
      let values = drawn.map { $0[label] }
      let mean = values.reduce(0, +) / 400
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400
      let expected = natural * (1 - natural) / (alpha + 1)
      #expect(abs(mean - natural) <= 4 * (expected / 400).squareRoot())
      #expect(abs(variance - expected) <= 0.3 * expected)
    }
  }

  @Test("a weaker rule moves fewer patients, all of whom a stronger one moves too")
  func strength() {
    let skew = LabelSkew(.dirichlet(1), classes: 5)
    var before = Set(patients(5000).numbers)
    for strength in [0, 0.25, 0.5, 1] {
      let kept = skew.applied(to: patients(5000), strength: strength, random: random)
      let now = Set(kept.numbers)
      #expect(now.isSubset(of: before))
      #expect(strength > 0 || now == before)
      before = now
    }
  }

  @Test(
    "a pool of several classes is dealt whole, and a small concentration makes hospitals of few classes"
  )
  func dealing() {
    let hospitals = (0..<12).map { "h\($0)" }
    func dealt(_ alpha: Double) -> [Cohort] {
      Partition.deal(
        patients(6000), to: hospitals, labels: LabelSkew(.dirichlet(alpha), classes: 5),
        weights: hospitals.map { _ in 1 }, random: random)
    }
    func majority(_ alpha: Double) -> Double {
      dealt(alpha).map { shares($0).max() ?? 0 }.reduce(0, +) / 12
    }
    for alpha in [0.1, 1, 1000] {
      let rows = dealt(alpha).flatMap { $0.inputs.scalars }
      #expect(rows.sorted() == patients(6000).inputs.scalars)
    }
    #expect(abs(majority(1000) - 0.4) < 0.05)
    #expect(majority(0.1) > 0.75)
  }
}
