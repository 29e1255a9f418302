import Cohorts
import Foundation
import Tensors
import Testing

@Suite("Partitions of pooled patients")
struct PartitionTests {
  /// A pool in which every patient can be told by its first feature.
  private func pool(_ patients: Int, share: Double = 0.4) -> Cohort {
    var random = RandomStream(seed: 9)
    return Cohort(
      hospital: "pool", features: ["number"],
      inputs: Matrix(rows: patients, columns: 1, scalars: (0..<patients).map { Float($0) }),
      outcomes: (0..<patients).map { _ in random.uniform() < share ? 1 : 0 })
  }

  private func share(_ cohort: Cohort) -> Double {
    Double(cohort.outcomes.reduce(0, +)) / Double(cohort.outcomes.count)
  }

  @Test("every patient is in exactly one hospital, whatever the rules")
  func truePartition() {
    var random = RandomStream(seed: 4)
    for trial in 0..<100 {
      let pool = pool(1 + random.integer(below: 400), share: random.uniform())
      let hospitals = (0..<1 + random.integer(below: 12)).map { "h\($0)" }
      let skews: [LabelSkew?] = [
        nil, LabelSkew(.dirichlet(random.logNormal(sigma: 2))), LabelSkew(.classes(1)),
        LabelSkew(.prevalence(random.uniform(), by: ["h0": 1])),
      ]
      let dealt = Partition.deal(
        pool, to: hospitals, labels: skews[trial % 4],
        weights: hospitals.map { _ in random.logNormal(sigma: 1) },
        random: RandomStream(seed: UInt64(trial)))
      #expect(dealt.map(\.hospital) == hospitals)
      let rows = dealt.flatMap { cohort in cohort.outcomes.indices.map { cohort.inputs[$0, 0] } }
      #expect(rows.sorted() == pool.inputs.scalars)
      for cohort in dealt {
        for row in cohort.outcomes.indices {
          #expect(cohort.outcomes[row] == pool.outcomes[Int(cohort.inputs[row, 0])])
        }
      }
    }
  }

  @Test("sizes are as the weights, and without a label skew hospitals are alike")
  func sizes() {
    let dealt = Partition.deal(
      pool(6000), to: ["a", "b", "c"], labels: nil, weights: [1, 2, 3],
      random: RandomStream(seed: 1))
    #expect(dealt.map(\.outcomes.count) == [1000, 2000, 3000])
    #expect(dealt.allSatisfy { abs(share($0) - 0.4) < 0.05 })
  }

  @Test("a small concentration makes hospitals of one class, a large one hospitals that are alike")
  func dirichlet() {
    let hospitals = (0..<20).map { "h\($0)" }
    func spread(_ alpha: Double) -> Double {
      let dealt = Partition.deal(
        pool(8000), to: hospitals, labels: LabelSkew(.dirichlet(alpha)),
        weights: hospitals.map { _ in 1 }, random: RandomStream(seed: 2))
      return dealt.map { (share($0) - 0.4) * (share($0) - 0.4) }.reduce(0, +) / 20
    }
    #expect(spread(1000) < 0.002)
    #expect(spread(0.1) > 0.1)
  }

  @Test("prevalences that use the classes up are met exactly")
  func prevalences() {
    let pool = Cohort(
      hospital: "", features: ["x"], inputs: Matrix(rows: 1000, columns: 1),
      outcomes: (0..<1000).map { $0 < 500 ? 1 : 0 })
    let dealt = Partition.deal(
      pool, to: ["a", "b"], labels: LabelSkew(.prevalence(nil, by: ["a": 0.8, "b": 0.2])),
      weights: [1, 1], random: RandomStream(seed: 1))
    #expect(dealt.map(share) == [0.8, 0.2])
  }

  @Test("pooling and taking apart lose nothing of a patient")
  func poolAndSplit() {
    let clinic = SyntheticClinic(
      patients: 50, features: 3, outcome: .diagnosis, caseMix: 0, effectSpread: 0,
      prevalence: 0.3, random: RandomStream(seed: 7))
    let cohorts = ["a", "b"].map { clinic.cohort(of: $0) }
    let pool = Partition.pool(cohorts, as: "both")
    #expect(pool.outcomes == cohorts.flatMap(\.outcomes))
    let parts = Partition.split(pool, into: ["p", "q", "r"], random: RandomStream(seed: 3))
    #expect(parts.flatMap { $0.trueRisks ?? [] }.sorted() == pool.trueRisks?.sorted())
    #expect(Set(parts.map(\.outcomes.count)).count <= 2)
  }
}
