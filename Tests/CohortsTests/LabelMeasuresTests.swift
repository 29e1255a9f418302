import Cohorts
import Tensors
import Testing

@Suite("Measures of heterogeneity")
struct LabelMeasuresTests {
  @Test("the Jensen-Shannon distance is a metric between 0 and 1")
  func metric() {
    var random = RandomStream(seed: 5)
    for _ in 0..<200 {
      let (p, q, r) = (
        random.dirichlet([0.5, 0.5, 0.5]), random.dirichlet([0.5, 0.5, 0.5]),
        random.dirichlet([1, 2, 3])
      )
      let distance = LabelMeasures.jensenShannonDistance
      #expect(distance(p, p) < 1e-7)
      #expect(abs(distance(p, q) - distance(q, p)) < 1e-12)
      #expect((0...1).contains(distance(p, q)))
      #expect(distance(p, r) <= distance(p, q) + distance(q, r) + 1e-9)
    }
    #expect(LabelMeasures.jensenShannonDistance([1, 0], [0, 1]) == 1)
  }

  @Test("the distance of a known pair is its definition")
  func known() {
    // H((0.75, 0.25)) − (H((1, 0)) + H((0.5, 0.5))) / 2 = 0.811278 − 0.5 bits.
    #expect(abs(LabelMeasures.jensenShannonDistance([1, 0], [0.5, 0.5]) - 0.5579) < 1e-4)
  }

  @Test("equal hospitals count in full, and a giant beside dwarfs hardly as one")
  func effective() {
    #expect(LabelMeasures.effectiveHospitals(sizes: [50, 50, 50]) == 3)
    #expect(LabelMeasures.effectivePatients(sizes: [50, 50, 50]) == 150)
    #expect(LabelMeasures.effectiveHospitals(sizes: [10_000, 1, 1]) < 1.001)
    #expect(LabelMeasures.effectivePatients(sizes: [10_000, 1, 1]) < 5)
    #expect(LabelMeasures.effectivePatients(sizes: [3, 0]) == 0)
  }
}
