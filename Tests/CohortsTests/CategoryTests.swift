import Tensors
import Testing

@testable import Cohorts

@Suite("Categories and their codes")
struct CategoryTests {
  private static let features = ["age", "pain=2", "pain=3", "sex", "ecg=1"]
  private static let categories = Category.questions(of: features)

  private static func cohort(_ rows: [[Float]]) -> Cohort {
    Cohort(
      hospital: "h", features: features,
      inputs: Matrix(rows: rows.count, columns: 5, scalars: rows.flatMap(\.self)),
      outcomes: rows.map { _ in 0 })
  }

  /// Patients of all ages and kinds, in turn.
  private static func patients(_ count: Int) -> [[Float]] {
    let pains: [[Float]] = [[0, 0], [1, 0], [0, 1]]
    let others: [[Float]] = [[0, 0], [1, 0], [0, 1], [1, 1]]
    return (0..<count).map { number in [Float(number)] + pains[number % 3] + others[number % 4] }
  }

  @Test("columns named question=answer are one category, and others are none")
  func questions() {
    #expect(
      Self.categories == [
        Category(name: "pain", columns: ["pain=2", "pain=3"]),
        Category(name: "ecg", columns: ["ecg=1"]),
      ])
    #expect(Self.categories.map(\.levels) == [4, 3])
  }

  @Test("a code says which column, none of them, or that it is not known; numbers stay")
  func codes() {
    let cohort = Self.cohort([
      [50, 0, 0, 1, 0], [60, 1, 0, 0, 1], [.nan, 0, 1, 1, .nan], [70, .nan, 0, 0, 0],
      [80, .nan, 1, 0, 1],
    ])
    let coded = cohort.coded(by: Self.categories)
    #expect(coded.features == ["age", "sex", "pain", "ecg"])
    #expect(coded.codes == 2)
    // The codes of the second begin after the four of the first.
    #expect((0..<5).map { coded.inputs[$0, 2] } == [1, 2, 3, 0, 3])
    #expect((0..<5).map { coded.inputs[$0, 3] } == [5, 6, 4, 5, 6])
    #expect((0..<5).map { coded.inputs[$0, 1] } == [1, 0, 1, 0, 0])
    #expect(coded.inputs[2, 0].isNaN && coded.inputs[4, 0] == 80)
    #expect(coded.keeping([0, 2]).codes == 2)
    #expect(cohort.coded(by: []) == cohort)
  }

  @Test("codes are counted of nobody, so no scale changes them")
  func standardisation() throws {
    let coded = Self.cohort(Self.patients(40)).coded(by: Self.categories)
    let clinic = try Clinic(
      cohort: coded, testShare: 0.25, heldOut: false, standardiser: nil,
      random: RandomStream(seed: 1))
    let sums = clinic.trainingSums
    #expect(sums.count == 30 && sums.known == [30, 30, 0, 0])
    #expect(sums.isPlausible)
    let scaled = Standardiser(sums.disclosable(minimum: 5)).applied(to: coded.inputs)
    for row in 0..<40 {
      #expect(scaled.row(row).suffix(2) == coded.inputs.row(row).suffix(2))
      #expect(scaled[row, 0] != coded.inputs[row, 0])
    }
  }

  @Test("hospitals with codes of their own have the same codes in another order")
  func ownCodes() throws {
    let cohort = Self.cohort(Self.patients(60))
    var rule = Measurement()
    rule.codes = true
    let written = rule.applied(to: cohort, strength: 1, random: RandomStream(seed: 8))
    let (before, after) = (cohort.coded(by: Self.categories), written.coded(by: Self.categories))
    let pairs = (0..<60).map { [before.inputs[$0, 2], after.inputs[$0, 2]] }
    #expect(Set(pairs).count == 3)
    #expect(Set(pairs.map { $0[1] }) == [1, 2, 3])
    #expect(pairs.contains { $0[0] != $0[1] })
  }

  @Test("of the data sets every column that answers a question belongs to one category")
  func dataSets() {
    let sets = [
      (HeartDisease.features, HeartDisease.categories),
      (StrokeTrial.features, StrokeTrial.categories),
      (IntensiveCare.features, IntensiveCare.categories),
    ]
    for (features, categories) in sets {
      let columns = categories.flatMap(\.columns)
      #expect(Set(columns).count == columns.count)
      #expect(Set(columns).isSubset(of: features))
      #expect(features.filter { $0.contains("=") }.allSatisfy(columns.contains))
      #expect(Set(categories.map(\.name)).count == categories.count)
    }
    #expect(sets.map { $0.1.count } == [2, 17, 2])
  }
}
