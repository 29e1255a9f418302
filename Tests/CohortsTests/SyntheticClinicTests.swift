import Cohorts
import Foundation
import Tensors
import Testing

@Suite("Synthetic clinic")
struct SyntheticClinicTests {
  private func clinic(
    patients: Int = 300, features: Int = 13, outcome: SyntheticClinic.Outcome = .diagnosis,
    caseMix: Double = 0.5, effectSpread: Double = 0.5, prevalence: Double = 0.3, seed: UInt64 = 7
  ) -> SyntheticClinic {
    SyntheticClinic(
      patients: patients, features: features, outcome: outcome, caseMix: caseMix,
      effectSpread: effectSpread, prevalence: prevalence, random: RandomStream(seed: seed))
  }

  private func cohorts(of clinic: SyntheticClinic, _ count: Int = 60) -> [Cohort] {
    (1...count).map { clinic.cohort(of: "h\($0)") }
  }

  private func mean(_ numbers: some Collection<Double>) -> Double {
    numbers.reduce(0, +) / Double(numbers.count)
  }

  @Test("thirteen features or more have names of their own")
  func names() {
    #expect(SyntheticClinic.featureNames.count >= 13)
    #expect(Set(SyntheticClinic.featureNames).count == SyntheticClinic.featureNames.count)
  }

  @Test("a hospital's patients depend on seed and name only")
  func determinism() {
    let cohort = clinic().cohort(of: "st-anna")
    let other = clinic()
    _ = other.cohort(of: "north")
    #expect(other.cohort(of: "st-anna") == cohort)
    #expect(other.cohort(of: "north").inputs != cohort.inputs)
    #expect(clinic(seed: 8).cohort(of: "st-anna").inputs != cohort.inputs)
  }

  @Test("as many features as asked for, in any number", arguments: 1...16)
  func featureCounts(count: Int) throws {
    let cohort = clinic(patients: 20, features: count).cohort(of: "a")
    #expect(cohort.features == Array(SyntheticClinic.featureNames.prefix(count)))
    #expect(cohort.inputs.scalars.allSatisfy { $0.isFinite })
    #expect(try #require(cohort.trueRisks).allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test("the mean risk over hospitals is the prevalence", arguments: [0.1, 0.3, 0.6])
  func prevalence(share: Double) {
    let risks = cohorts(of: clinic(prevalence: share), 150).map { mean($0.trueRisks ?? []) }
    // 150 hospitals of unlike prevalence: about three standard errors.
    #expect(abs(mean(risks) - share) < 0.04)
  }

  @Test("true risks are calibrated: in every tenth of risk, so many have the disease")
  func calibration() {
    let patients = cohorts(of: clinic()).flatMap { zip($0.trueRisks ?? [], $0.outcomes) }
    for tenth in 0..<10 {
      let group = patients.filter { Int($0.0 * 10) == tenth }
      let expected = mean(group.map(\.0))
      let error = (expected * (1 - expected) / Double(group.count)).squareRoot()
      #expect(group.count > 300)
      #expect(abs(mean(group.map { Double($0.1) }) - expected) < 4 * error, "tenth \(tenth)")
    }
  }

  @Test("at hospitals that are alike, the risk is the documented formula of what is written down")
  func formula() throws {
    let cohort = clinic(features: 4, caseMix: 0, effectSpread: 0).cohort(of: "a")
    let intercepts = zip(try #require(cohort.trueRisks), 0...).map { risk, row in
      let age = (Double(cohort.inputs[row, 0]) - 62) / 13
      let pressure = (Double(cohort.inputs[row, 1]) - 134) / 20
      let cholesterol = (Double(cohort.inputs[row, 2]) - 205) / 42
      let heartRate = (Double(cohort.inputs[row, 3]) - 82) / 16
      let linear = 0.4 * age + 0.25 * pressure + 0.2 * cholesterol + 0.25 * heartRate
      return log(risk / (1 - risk)) - linear - 0.4 * age * pressure
        - 0.3 * (heartRate * heartRate - 1)
    }
    #expect(deviation(intercepts) < 1e-9)
  }

  @Test("the best reachable log loss leaves much to learn beyond the majority")
  func entropy() {
    let risks = cohorts(of: clinic()).flatMap { $0.trueRisks ?? [] }
    let best = mean(risks.map { -$0 * log($0) - (1 - $0) * log(1 - $0) })
    let share = mean(risks)
    let majority = -share * log(share) - (1 - share) * log(1 - share)
    #expect((0.33...0.40).contains(best))
    #expect(majority - best > 0.2)
  }

  @Test("measurements are plausible, and yes-or-no is 0 or 1")
  func plausible() {
    let cohort = clinic(features: 16).cohort(of: "a")
    let limits: [String: ClosedRange<Float>] = [
      "age": 18...100, "systolic blood pressure": 60...240, "oxygen saturation": 70...100,
      "temperature": 33...42, "heart rate": 35...190,
    ]
    for (column, name) in cohort.features.enumerated() {
      let numbers = (0..<cohort.inputs.rows).map { cohort.inputs[$0, column] }
      if let limit = limits[name] { #expect(numbers.allSatisfy { limit.contains($0) }, "\(name)") }
      if ["sex", "smoker", "diabetes"].contains(name) {
        #expect(Set(numbers) == [0, 1], "\(name)")
      }
    }
  }

  @Test("severe illness ties fast breathing to low saturation")
  func correlated() {
    let cohort = clinic(patients: 2000, caseMix: 0).cohort(of: "a")
    let breathing = column("respiratory rate", of: cohort)
    let saturation = column("oxygen saturation", of: cohort)
    #expect((-0.5 ... -0.2).contains(correlation(breathing, saturation)))
  }

  @Test("case mix moves hospitals' means apart, and none leaves them together")
  func caseMix() {
    let alike = spreadOfMeanAge(cohorts(of: clinic(caseMix: 0, effectSpread: 0)))
    let apart = spreadOfMeanAge(cohorts(of: clinic(caseMix: 0.5)))
    #expect(alike < 1.2)
    #expect((4.5...9).contains(apart))  // half of 13 years, as drawn at 60 hospitals
  }

  @Test("hospitals have about as many patients as asked for, within half and twice")
  func sizes() {
    let sizes = cohorts(of: clinic(patients: 200, features: 1), 200).map { $0.outcomes.count }
    #expect(sizes.allSatisfy { (100...400).contains($0) })
    #expect(abs(mean(sizes.map(Double.init)) - 200) < 12)
    #expect(Set(sizes).count > 50)
  }

  @Test("lengths of stay are positive, and their true mean is their mean")
  func lengthOfStay() {
    let patients = cohorts(of: clinic(outcome: .lengthOfStay))
      .flatMap { zip($0.trueRisks ?? [], $0.outcomes) }
    let errors = patients.map { Double($0.1) / $0.0 - 1 }
    #expect(patients.allSatisfy { $0.1 > 0 && $0.0 >= 1 })
    #expect(errors.allSatisfy { abs($0) <= 0.5 + 1e-6 })
    #expect(abs(mean(errors)) < 4 * 0.22 / Double(errors.count).squareRoot())
  }

  private func column(_ name: String, of cohort: Cohort) -> [Double] {
    let column = cohort.features.firstIndex(of: name) ?? 0
    return (0..<cohort.inputs.rows).map { Double(cohort.inputs[$0, column]) }
  }

  private func deviation(_ numbers: [Double]) -> Double {
    let centre = mean(numbers)
    return mean(numbers.map { ($0 - centre) * ($0 - centre) }).squareRoot()
  }

  private func correlation(_ left: [Double], _ right: [Double]) -> Double {
    let (centre, other) = (mean(left), mean(right))
    let products = zip(left, right).map { ($0 - centre) * ($1 - other) }
    return mean(products) / (deviation(left) * deviation(right))
  }

  private func spreadOfMeanAge(_ cohorts: [Cohort]) -> Double {
    deviation(cohorts.map { mean(column("age", of: $0)) })
  }
}
