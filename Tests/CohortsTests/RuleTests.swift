import Cohorts
import Foundation
import Tensors
import Testing

/// Synthetic hospitals under rules, as the tests of rules need them.
struct RuledClinic {
  var patients = 400
  var outcome = SyntheticClinic.Outcome.diagnosis
  var caseMix = 0.0
  var effectSpread = 0.0

  func cohort(
    _ rules: [Heterogeneity.Rule], of hospital: String = "a", in round: Int = 1,
    heldOut: Bool = true, indicated: [String] = []
  ) -> Cohort {
    let clinic = SyntheticClinic(
      patients: patients, features: 6, outcome: outcome, caseMix: caseMix,
      effectSpread: effectSpread, prevalence: 0.3, random: RandomStream(seed: 7))
    return Heterogeneity(rules, indicated: indicated).cohort(
      from: .synthetic(clinic, hospital: hospital), in: round, testShare: 0.3, heldOut: heldOut,
      random: RandomStream(seed: 7).child("split").child(hospital))
  }

  static func rule(
    _ effect: Heterogeneity.Effect, at hospitals: Set<String>? = nil, onset: Onset = Onset(),
    stream: String = "rule"
  ) -> Heterogeneity.Rule {
    Heterogeneity.Rule(
      effect, at: hospitals, onset: onset, random: RandomStream(seed: 11).child(stream))
  }
}

/// One rule of every kind.
let everyRule: [Heterogeneity.Effect] = [
  .caseMix(CaseMix(shift: 0.5, scale: 0.2, rotation: 30, sharing: .apart)),
  .conceptShift(ConceptShift(spread: 0.5, sharing: .clusters(2))),
  .labelSkew(LabelSkew(.dirichlet(1))),
  .quantitySkew(QuantitySkew(logNormal: 0.8)),
  .record(
    {
      var rule = Measurement()
      (rule.factorSpread, rule.offsetSpread, rule.codes) = (0.2, 0.3, true)
      return rule
    }()),
  .record(MissingFeatures(share: 0.2, byValue: 1, columns: 0.1)),
  .record(LabelNoise(.symmetric, rate: 0.2)),
  .record(TemporalSplit(testShare: 0.3)),
]

extension Cohort {
  /// The cohort with a number in place of NaN, which equals nothing.
  var comparable: Cohort {
    var cohort = self
    cohort.inputs.scalars = inputs.scalars.map { $0.isNaN ? -9999 : $0 }
    return cohort
  }
}

@Suite("Rules that make hospitals differ")
struct RuleTests {
  private let clinic = RuledClinic()

  private func mean(_ numbers: some Collection<Double>) -> Double {
    numbers.reduce(0, +) / Double(numbers.count)
  }

  private func share(_ cohort: Cohort) -> Double { mean(cohort.outcomes.map { Double($0) }) }

  @Test("without rules, patients are those of the clinic")
  func noRules() {
    let plain = SyntheticClinic(
      patients: 400, features: 6, outcome: .diagnosis, caseMix: 0, effectSpread: 0,
      prevalence: 0.3, random: RandomStream(seed: 7))
    #expect(clinic.cohort([]) == plain.cohort(of: "a"))
  }

  @Test(
    "a rule that does not hold here, or not yet, or no longer, changes nothing",
    arguments: everyRule.indices)
  func elsewhere(index: Int) {
    let effect = everyRule[index]
    let plain = clinic.cohort([])
    #expect(clinic.cohort([RuledClinic.rule(effect, at: ["b"])]).comparable == plain.comparable)
    for (onset, round) in [(Onset(from: 5), 4), (Onset(from: 5, until: 9, over: 3), 10)] {
      let later = clinic.cohort([RuledClinic.rule(effect, onset: onset)], in: round)
      #expect(later.comparable == plain.comparable, "\(effect)")
    }
    #expect(clinic.cohort([RuledClinic.rule(effect)]).comparable != plain.comparable)
  }

  @Test("another rule beside it changes no draw of a rule", arguments: everyRule.indices)
  func ownStreams(index: Int) {
    let noise = RuledClinic.rule(.record(LabelNoise(.missed, rate: 0)), stream: "other")
    let rule = RuledClinic.rule(everyRule[index])
    #expect(clinic.cohort([noise, rule]).comparable == clinic.cohort([rule]).comparable)
    #expect(clinic.cohort([rule, noise]).comparable == clinic.cohort([rule]).comparable)
  }

  @Test(
    "true risks are calibrated under any rule that selects or changes outcomes",
    arguments: [0, 1, 2, 3, 6])
  func calibrated(index: Int) {
    var large = clinic
    large.patients = 4000
    let cohorts = ["a", "b", "c", "d", "e"].map {
      large.cohort([RuledClinic.rule(everyRule[index])], of: $0)
    }
    let patients = cohorts.flatMap { zip($0.trueRisks ?? [], $0.outcomes) }
    for fifth in 0..<5 {
      let group = patients.filter { Int(min(0.999, $0.0) * 5) == fifth }
      guard group.count > 100 else { continue }
      let expected = mean(group.map(\.0))
      let error = (expected * (1 - expected) / Double(group.count)).squareRoot()
      #expect(abs(mean(group.map { Double($0.1) }) - expected) < 4 * error + 1e-9, "\(fifth)")
    }
  }

  @Test(
    "a hospital has the prevalence that is asked for, and as many patients as before",
    arguments: [0.05, 0.5, 0.9])
  func prevalence(wanted: Double) {
    let cohort = clinic.cohort([
      RuledClinic.rule(.labelSkew(LabelSkew(.prevalence(wanted, by: [:]))))
    ])
    #expect(cohort.outcomes.count == clinic.cohort([]).outcomes.count)
    #expect(abs(share(cohort) - wanted) < 0.07)
  }

  @Test("one class a hospital leaves one class, either of them somewhere")
  func oneClass() {
    let rule = RuledClinic.rule(.labelSkew(LabelSkew(.classes(1))))
    let shares = (0..<12).map { share(clinic.cohort([rule], of: "h\($0)")) }
    #expect(Set(shares) == [0, 1])
  }

  @Test("shares of class 1 follow the Dirichlet law about the natural share")
  func dirichlet() {
    // α q = 1 and α (1 − q) = 1 at a natural share of 1/2 make all shares equally likely.
    let patients = Cohort(
      hospital: "", features: ["x"], inputs: Matrix(rows: 4000, columns: 1),
      outcomes: (0..<4000).map { Float($0 % 2) })
    let skew = LabelSkew(.dirichlet(2))
    let shares = (0..<300).map { hospital in
      var cohort = patients
      cohort.hospital = "h\(hospital)"
      return share(
        skew.applied(to: cohort, strength: 1, random: RandomStream(seed: 3).child("skew")))
    }.sorted()
    var distance = 0.0
    for (index, share) in shares.enumerated() {
      distance = max(distance, abs(share - (Double(index) + 0.5) / 300))
    }
    #expect(distance * 300.0.squareRoot() < 1.95)
  }

  @Test("sizes are log-normal with the mean that they had")
  func logNormal() {
    let skew = QuantitySkew(logNormal: 0.8)
    let sizes = (0..<2000).map { hospital in
      skew.size(
        of: "h\(hospital)", having: 10_000, mayGrow: true, strength: 1,
        random: RandomStream(seed: 3).child("sizes"))
    }
    let scores = sizes.map { (log(Double($0) / 10_000) + 0.32) / 0.8 }.sorted()
    var distance = 0.0
    for (index, score) in scores.enumerated() {
      let law = erfc(-score / 2.0.squareRoot()) / 2
      distance = max(distance, abs(law - (Double(index) + 0.5) / 2000))
    }
    #expect(distance * 2000.0.squareRoot() < 1.95)
    #expect(abs(mean(sizes.map { Double($0) }) - 10_000) < 800)
  }

  @Test("sizes fall as a power of the rank, every hospital being as likely the first")
  func zipf() {
    let names = (1...8).map { "h\($0)" }
    func sizes(seed: UInt64) -> [Int] {
      let random = RandomStream(seed: seed).child("sizes")
      let skew = QuantitySkew(zipf: 1, among: names, random: random)
      return names.map {
        skew.size(of: $0, having: 1000, mayGrow: true, strength: 1, random: random)
      }
    }
    let total = (1...8).reduce(0.0) { $0 + 1 / Double($1) }
    let expected = (1...8).map { Int((8000 / Double($0) / total).rounded()) }
    #expect(sizes(seed: 3).sorted(by: >) == expected)
    let firsts = (0..<800 as Range<UInt64>).map { sizes(seed: $0).firstIndex(of: expected[0]) }
    let counts = (0..<8).map { index in Double(firsts.count { $0 == index }) }
    #expect(counts.reduce(0) { $0 + ($1 - 100) * ($1 - 100) / 100 } < 24.3)
  }

  @Test("real hospitals do not grow, and no size is below one patient")
  func sizesOfRealHospitals() {
    for skew in [QuantitySkew(logNormal: 2), QuantitySkew(counts: ["a": 500, "b": 20])] {
      for hospital in ["a", "b", "c", "d"] {
        let size = skew.size(
          of: hospital, having: 100, mayGrow: false, strength: 1, random: RandomStream(seed: 1))
        #expect((1...100).contains(size))
      }
    }
  }

  @Test("hospitals of one cluster agree, and others do not")
  func clusters() throws {
    let rule = RuledClinic.rule(.conceptShift(ConceptShift(spread: 1, sharing: .clusters(2))))
    var alike = clinic
    alike.patients = 2000
    // The effect of age within a hospital: the slope of the log odds.
    let slopes = try (0..<10).map { hospital in
      let cohort = alike.cohort([rule], of: "h\(hospital)")
      let odds = try #require(cohort.trueRisks).map { log($0 / (1 - $0)) }
      let ages = (0..<odds.count).map { Double(cohort.inputs[$0, 0]) }
      let (age, odd) = (mean(ages), mean(odds))
      let covariance = mean(ages.indices.map { (ages[$0] - age) * (odds[$0] - odd) })
      let variance = mean(ages.map { ($0 - age) * ($0 - age) })
      return covariance / variance
    }.sorted()
    let gaps = zip(slopes, slopes.dropFirst()).map { $1 - $0 }.sorted()
    #expect(gaps[8] > 3 * gaps[7])
  }

  @Test("a case mix moves patients and leaves what features do")
  func caseMix() throws {
    let mix = RuledClinic.rule(
      .caseMix(CaseMix(shift: 1, scale: 0.3, rotation: 20, sharing: .apart)))
    let (plain, moved) = (clinic.cohort([]), clinic.cohort([mix]))
    #expect(moved.inputs != plain.inputs)
    func intercept(_ cohort: Cohort, _ row: Int) -> Double {
      let x = cohort.inputs.row(row).map { Double($0) }
      let means = [62, 134, 205, 82, 0.5, 27.5]
      let spreads = [13, 20, 42, 16, 0.5, 4.8]
      let t = x.indices.map { (x[$0] - means[$0]) / spreads[$0] }
      let effects = [0.4, 0.25, 0.2, 0.25, 0.25, 0.15]
      let linear = t.indices.reduce(0.0) { $0 + effects[$1] * t[$1] }
      let risk = cohort.trueRisks?[row] ?? .nan
      return log(risk / (1 - risk)) - linear - 0.4 * t[0] * t[1] - 0.3 * (t[3] * t[3] - 1)
    }
    for row in 0..<100 { #expect(abs(intercept(moved, row) - intercept(plain, 0)) < 1e-6) }
  }

  @Test("a unit error multiplies, an offset adds, rounding rounds, and other features stay")
  func measurement() {
    var rule = Measurement(of: ["glucose", "age"])
    (rule.factor, rule.offset, rule.rounding) = (2, 3, 5)
    let (plain, written) = (clinic.cohort([]), clinic.cohort([RuledClinic.rule(.record(rule))]))
    for row in plain.outcomes.indices {
      let expected = ((2 * plain.inputs[row, 0] + 3) / 5).rounded() * 5
      #expect(written.inputs[row, 0] == expected)
      #expect(written.inputs[row, 1] == plain.inputs[row, 1])
    }
    #expect(written.outcomes == plain.outcomes)
  }

  @Test("codes of its own permute the answers of a question and lose none")
  func codes() {
    let names = ["q=a", "q=b", "q=c", "x"]
    let answers = (0..<60).flatMap { row -> [Float] in
      (0..<3).map { $0 == row % 3 ? 1 : 0 } + [Float(row)]
    }
    var rule = Measurement()
    rule.codes = true
    let permutations = (0..<40).map { hospital in
      let cohort = Cohort(
        hospital: "h\(hospital)", features: names,
        inputs: Matrix(rows: 60, columns: 4, scalars: answers),
        outcomes: Array(repeating: 0, count: 60))
      let coded = rule.applied(to: cohort, strength: 1, random: RandomStream(seed: 5))
      return (0..<3).map { level in
        let rows = (0..<60).filter { $0 % 3 == level }
        let codes = rows.map { row in (0..<3).filter { coded.inputs[row, $0] == 1 } }
        #expect(Set(codes).count == 1 && codes[0].count == 1)
        return codes[0][0]
      }
    }
    #expect(permutations.allSatisfy { Set($0).count == 3 })
    #expect(Set(permutations).count == 6)
  }

  @Test("features are missing in the share that is asked for, at random or by their value")
  func missing() {
    var large = clinic
    large.patients = 4000
    for slope in [0.0, 2] {
      let rule = MissingFeatures(of: ["age"], share: 0.3, byValue: slope)
      let (plain, measured) = (large.cohort([]), large.cohort([RuledClinic.rule(.record(rule))]))
      let rows = plain.outcomes.indices
      let absent = rows.filter { measured.inputs[$0, 0].isNaN }
      #expect(rows.allSatisfy { !measured.inputs[$0, 1].isNaN })
      let difference =
        mean(absent.map { Double(plain.inputs[$0, 0]) })
        - mean(rows.map { Double(plain.inputs[$0, 0]) })
      if slope == 0 {
        #expect(abs(Double(absent.count) / Double(rows.count) - 0.3) < 0.03)
        #expect(abs(difference) < 1.5)
      } else {
        #expect(difference > 5)
      }
    }
  }

  @Test("a column that is never measured has no value, becomes the mean, and can be indicated")
  func neverMeasured() {
    let rule = RuledClinic.rule(.record(MissingFeatures(never: ["age"])))
    let cohort = clinic.cohort([rule], indicated: ["age", "sex"])
    #expect(cohort.features.suffix(2) == ["missing age", "missing sex"])
    let scale = Standardiser(FeatureSums(of: cohort.inputs))
    let scaled = scale.applied(to: cohort.inputs)
    for row in cohort.outcomes.indices {
      #expect(cohort.inputs[row, 0].isNaN && scaled[row, 0] == 0)
      #expect(cohort.inputs[row, 6] == 1 && cohort.inputs[row, 7] == 0)
    }
    #expect(scale.means[0] == 0 && scale.scales[0] == 1)
  }

  @Test("outcomes are turned round at the rate and on the side that is asked for")
  func labelNoise() {
    var large = clinic
    large.patients = 4000
    let plain = large.cohort([])
    for (kind, rates) in [
      (LabelNoise.Kind.symmetric, [0.2, 0.2]), (.missed, [0, 0.2]), (.overcalled, [0.2, 0]),
    ] {
      let rule = LabelNoise(kind, rate: nil, by: ["a": 0.2])
      let noisy = large.cohort([RuledClinic.rule(.record(rule))])
      for (outcome, rate) in rates.enumerated() {
        let rows = plain.outcomes.indices.filter { plain.outcomes[$0] == Float(outcome) }
        let turned = rows.filter { noisy.outcomes[$0] != plain.outcomes[$0] }
        #expect(abs(Double(turned.count) / Double(rows.count) - rate) < 0.035)
      }
    }
  }
}
