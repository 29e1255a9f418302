import Foundation
import Testing

/// A suite that cannot fail shows nothing: kept cases are falsified, and have to be noticed.
@Suite struct HarnessTests {
  /// The report on a kept case in which `old` is replaced by `new`, once.
  static func report(_ name: String, replacing old: String, by new: String) throws -> GoldenReport {
    let file = GoldenCases.kept.appendingPathComponent(name)
    var text = try String(contentsOf: file, encoding: .utf8)
    let place = try #require(text.range(of: old), "the case does not hold what is to be replaced")
    text.replaceSubrange(place, with: new)
    return try GoldenCases.report(on: Data(text.utf8), named: name)
  }

  static let case1 = "logistic-bce-4-1.meta.json"

  @Test(
    "what is not known is an error that names it",
    arguments: [
      ("\"meta\"", "\"reversed\"", "kind = reversed"),
      ("\"none\"", "\"swish\"", "model.activation = swish"),
      ("\"logistic_bce\"", "\"hinge\"", "model.loss = hinge"),
      ("\"hvp\"", "\"jvp\": 1, \"hvp\"", "at_theta.jvp"),
      ("\"fomaml\"", "\"maml2\": [], \"fomaml\"", "by_inner_steps.1.maml2"),
      ("\"theta\"", "\"note\": \"\", \"theta\"", "note"),
    ])
  func unknown(old: String, new: String, place: String) throws {
    #expect(throws: GoldenError.unknown("\(Self.case1).\(place)")) {
      try Self.report(Self.case1, replacing: old, by: new)
    }
  }

  @Test(
    "what is missing is an error that names it",
    arguments: [
      ("\"hvp\"", "\"jvp\"", "at_theta.hvp"), ("\"adapted\"", "\"adopted\"", "adapted"),
      ("\"metasgd\"", "\"metasgb\"", "by_inner_steps.1.metasgd"),
      ("\"alpha\"", "\"a\"", "hyper.alpha"),
    ])
  func missing(old: String, new: String, place: String) throws {
    #expect(throws: GoldenError.missing("\(Self.case1).\(place)")) {
      try Self.report(Self.case1, replacing: old, by: new)
    }
  }

  @Test("a network of another size than its parameters is an error")
  func size() throws {
    #expect(throws: GoldenError.malformed("\(Self.case1).model.parameter_count", expected: "5")) {
      try Self.report(Self.case1, replacing: "\"parameter_count\":5", by: "\"parameter_count\":6")
    }
  }

  @Test("a relative error of 1e-4 fails the check of the quantity")
  func falsified() {
    var report = GoldenReport(name: "")
    report.check("vector", [3, 4.0005] as [Double], [3, 4])
    report.check("vector", [3, 4.00005] as [Double], [3, 4])
    report.check("length", [3] as [Double], [3, 4])
    report.check("undefined", [3, .nan] as [Double], [3, 4])
    #expect(report.checks.map(\.passes) == [false, true, false, false])
  }

  @Test("another inner rate than the recorded one fails adaptation and every meta-gradient")
  func anotherRate() throws {
    let report = try Self.report(Self.case1, replacing: "\"alpha\":0.25", by: "\"alpha\":0.251")
    let failed = Set(report.checks.filter { !$0.passes }.map(\.quantity))
    #expect(failed.isSuperset(of: ["adapted.theta[1]", "K=1 maml", "K=2 fomaml", "K=5 maml"]))
    #expect(!failed.contains("hvp"))
  }

  @Test("another local rate than the recorded one fails federated averaging")
  func anotherLocalRate() throws {
    let report = try Self.report(
      "logistic-bce-4-1.fed.json", replacing: "\"fedavg\":{\"rate\":0.0625",
      by: "\"fedavg\":{\"rate\":0.0635")
    let failed = Set(report.checks.filter { !$0.passes }.map(\.quantity))
    #expect(failed == ["fedavg w_local[0]", "fedavg w_local[1]", "fedavg w_next"])
  }
}
