import Scenarios
import Testing

@Suite("Ranges that settings are drawn from")
struct SearchRangeTests {
  private func values(_ text: String, at shares: [Double]) throws -> [Double] {
    let range = try SearchRange(text)
    return try shares.map { try #require(Double(range.setting(at: $0).valueText)) }
  }

  private let shares = (0..<1000).map { Double($0) / 1000 }

  @Test("whole numbers are whole, lie within the range, and are equally frequent")
  func whole() throws {
    let values = try values("algorithm.inner.steps=3..7", at: shares)
    #expect(Set(values) == [3, 4, 5, 6, 7])
    #expect(Dictionary(grouping: values) { $0 }.values.allSatisfy { $0.count == 200 })
    #expect(try self.values("a=3..7", at: [1]) == [7])
  }

  @Test("a range above 0 that spans a factor of ten is evenly drawn on a logarithmic scale")
  func logarithmic() throws {
    let values = try values("algorithm.inner.rate=0.001..10.0", at: shares)
    for (decade, (low, high)) in [(0.001, 0.01), (0.01, 0.1), (0.1, 1), (1, 10)].enumerated() {
      let count = values.count { low <= $0 && $0 < high }
      #expect(abs(count - 250) <= 1, "decade \(decade): \(count)")
    }
    #expect(values == values.sorted())
  }

  @Test("any other range is evenly drawn")
  func even() throws {
    let values = try values("model.l2=0.0..0.5", at: shares)
    #expect(
      (0..<5).allSatisfy { part in
        abs(values.count { Double(part) * 0.1 <= $0 && $0 < Double(part + 1) * 0.1 } - 200) <= 2
      })
  }

  @Test("a setting has three significant digits, which its file and its cell are named by")
  func digits() throws {
    #expect(try SearchRange("a.b=0.001..1.0").setting(at: 1 / 3.0).text == "a.b=0.01")
    #expect(try SearchRange("a.b=0.2..0.3").setting(at: 1 / 3.0).text == "a.b=0.233")
    #expect(try SearchRange("a.b=-1.0..1.0").setting(at: 0.5).text == "a.b=0.0")
  }

  @Test(
    "what is no range is refused",
    arguments: ["a", "a=", "a=1", "a=2..1", "a=x..1", "=1..2", "a=1..nan"])
  func refused(text: String) throws {
    let problems = try #require(throws: ScenarioProblems.self) { try SearchRange(text) }
    #expect(
      problems.description.hasPrefix("--range \(text): no range to draw from; accepted: key.path="))
  }

  @Test("what is wrong with a drawn value is said of the range")
  func drawn() throws {
    let steps = try SearchRange("algorithm.inner.steps=-9..-1").setting(at: 0)
    let problems = try #require(throws: ScenarioProblems.self) {
      try Scenario.read(Scenario.bundledDefault, file: "", overrides: [steps])
    }
    #expect(
      problems.description
        == "--range algorithm.inner.steps=-9..-1: algorithm.inner.steps: found -9; accepted: a whole"
        + " number from 1 to 1000")
  }
}
