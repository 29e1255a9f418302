import Privacy
import Testing

@Suite struct DisclosureRuleTests {
  @Test("a sum over the minimum or more patients may leave", arguments: [1, 2, 5, 20])
  func permitsFromMinimum(minimum: Int) throws {
    let rule = DisclosureRule(minimumPatients: minimum)
    for patients in 0...40 { #expect(rule.permits(patients: patients) == (patients >= minimum)) }
    try rule.check(patients: minimum)
    #expect(throws: TooFewPatients(minimumPatients: minimum)) {
      try rule.check(patients: minimum - 1)
    }
  }

  @Test("the error names the minimum, and does not tell how many patients there were")
  func errorKeepsTheCount() {
    let rule = DisclosureRule(minimumPatients: 50)
    let messages = (0..<50).map { patients in
      do throws(TooFewPatients) {
        try rule.check(patients: patients)
        return "permitted"
      } catch { return error.description }
    }
    #expect(Set(messages).count == 1)
    #expect(messages[0].hasPrefix("The sum is over fewer than 50 patients and was held back"))
  }
}
