import Cohorts
import Tensors
import Testing

@Suite("Synthetic points of ten classes")
struct TenClassesTests {
  private static func hospitals(_ count: Int) -> [String] { (1...count).map { "h\($0)" } }

  private static func points(
    _ count: Int, alpha: Double = 0.5, beta: Double = 0.5, factor: Int = 1, seed: UInt32 = 0,
    wanted: Set<String>? = nil
  ) -> TenClasses {
    TenClasses(
      alpha: alpha, beta: beta, factor: factor, seed: seed, hospitals: hospitals(count),
      wanted: wanted)
  }

  /// Some numbers of a hospital as numpy draws them.
  struct Record: Sendable {
    let hospital: String
    /// How many points each class has.
    let counts: [Int]
    /// The first and the last feature of the first and of the last point.
    let corners: [Float]

    func check(_ cohort: Cohort) {
      let counts = (0..<10).map { label in cohort.outcomes.count { $0 == Float(label) } }
      #expect(counts == self.counts, "\(hospital)")
      let (inputs, last) = (cohort.inputs, cohort.inputs.rows - 1)
      let found = [inputs[0, 0], inputs[0, 59], inputs[last, 0], inputs[last, 59]]
      for (number, expected) in zip(found, corners) {
        // The C library's logarithm and power may differ in the last of 53 bits.
        #expect(abs(number - expected) <= expected.ulp, "\(hospital)")
      }
    }
  }

  /// What numpy 2.4 makes of the generator for six hospitals with seed 0, and the last of thirty with seed 7
  /// and α = β = 1.
  private static let six = [
    Record(
      hospital: "h1", counts: [0, 0, 0, 0, 0, 0, 1831, 78, 0, 0],
      corners: [2.078848123550415, -0.24969951808452606, -0.7351678013801575, -0.1875980645418167]),
    Record(
      hospital: "h3", counts: [0, 0, 0, 0, 295, 141, 0, 0, 0, 0],
      corners: [0.4626787304878235, 1.1264915466308594, 1.428861141204834, 0.9799269437789917]),
    Record(
      hospital: "h5", counts: [0, 0, 0, 1, 1126, 0, 1, 0, 2, 1207],
      corners: [-0.5338236689567566, 0.33707374334335327, -0.7431716918945312, 0.387525737285614]),
    Record(
      hospital: "h6", counts: [0, 0, 0, 0, 0, 0, 57, 0, 0, 0],
      corners: [-0.6790932416915894, -1.7670117616653442, 1.0734035968780518, -1.7316060066223145]),
  ]
  private static let lastOfThirty = Record(
    hospital: "h30", counts: [0, 0, 73, 0, 0, 0, 0, 0, 0, 0],
    corners: [-0.34039145708084106, 1.4640352725982666, 1.8481117486953735, 1.5258287191390991])

  @Test("sizes are those of the data set of pFedMe: 205,795 points, 250 to 25,810 a hospital")
  func sizes() {
    let sizes = Self.points(100, factor: 5, wanted: []).sizes
    #expect(sizes.reduce(0, +) == 205_795)
    #expect(sizes.min() == 250 && sizes.max() == 25_810)
    #expect(sizes.prefix(6) == [9545, 855, 2180, 24380, 11685, 285])
  }

  @Test("points and classes are those that numpy's generator draws")
  func numpy() {
    let points = Self.points(6)
    #expect(points.sizes == [1909, 171, 436, 4876, 2337, 57])
    for record in Self.six { record.check(points.cohort(of: record.hospital)) }
    let thirty = Self.points(30, alpha: 1, beta: 1, seed: 7, wanted: ["h30"])
    #expect(thirty.sizes.reduce(0, +) == 9908)
    Self.lastOfThirty.check(thirty.cohort(of: "h30"))
  }

  @Test("a hospital's points are the same whenever they are asked for, and whoever else is wanted")
  func independence() {
    let (all, one) = (Self.points(3), Self.points(3, wanted: ["h2"]))
    #expect(all.cohort(of: "h2") == all.cohort(of: "h2"))
    #expect(all.cohort(of: "h2") == one.cohort(of: "h2"))
    #expect(all.sizes == one.sizes)
    #expect(all.cohort(of: "h2") != Self.points(3, seed: 1).cohort(of: "h2"))
  }

  @Test(
    "features have the spread of their number to the power of −0.6, about a middle of their own")
  func spreads() {
    let cohort = Self.points(4).cohort(of: "h4")
    let count = Double(cohort.inputs.rows)
    for (column, expected) in [(0, 1.0), (1, 0.4353), (9, 0.0631), (59, 0.00735)] {
      let values = (0..<cohort.inputs.rows).map { Double(cohort.inputs[$0, column]) }
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      #expect(abs(variance / expected - 1) < 0.1)
    }
  }
}
