import Foundation
import Scenarios
import Testing

@Suite("The scenarios that come along")
struct ShippedScenarioTests {
  @Test(
    "a shipped scenario is read, has its file's name, and opens with what it shows",
    arguments: try Repository.files(in: Repository.scenarios, ending: "yaml"))
  func isSound(file: URL) throws {
    let scenario = try Scenario.read(path: file.path)
    #expect(scenario.name == file.deletingPathExtension().lastPathComponent)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.first == "# yaml-language-server: $schema=./scenario.schema.json")
    #expect(lines.dropFirst().prefix(3).allSatisfy { $0.hasPrefix("#") })
    #expect(try Scenario.read(scenario.yaml, file: "resolved.yaml") == scenario)
    #expect(!scenario.heldOutHospitals.isEmpty)
  }

  @Test(
    "so is one that reproduces a published figure",
    arguments: try Repository.files(in: Repository.published, ending: "yaml"))
  func isPublished(file: URL) throws {
    let scenario = try Scenario.read(path: file.path)
    #expect(scenario.name == file.deletingPathExtension().lastPathComponent)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.first == "# yaml-language-server: $schema=../scenario.schema.json")
    #expect(lines.dropFirst().prefix(3).allSatisfy { $0.hasPrefix("#") })
    #expect(try Scenario.read(scenario.yaml, file: "resolved.yaml") == scenario)
  }

  @Test("the six scenarios are there")
  func names() throws {
    let files = try Repository.files(in: Repository.scenarios, ending: "yaml")
    let names = Set(files.map { $0.deletingPathExtension().lastPathComponent })
    #expect(
      names.isSuperset(of: [
        "default", "heart-disease", "sinusoid", "small-diagnosis", "stroke-trial",
        "two-layer-regression",
      ]))
  }

  @Test("the bundled default is the file, to the letter")
  func bundled() throws {
    let file = Repository.scenarios.appending(path: "default.yaml")
    #expect(Scenario.bundledDefault == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test("the stroke trial holds out 47 of its 188 hospitals")
  func strokeTrial() throws {
    let scenario = try Scenario.read(
      path: Repository.scenarios.appending(path: "stroke-trial.yaml").path)
    #expect(scenario.cohorts.hospitals.count == 188)
    #expect(scenario.heldOutHospitals.count == 47)
    #expect(scenario.invitedPerRound == 35)
  }

  @Test("the two small networks of the founding document are as it says")
  func smallNetworks() throws {
    let regression = try Scenario.read(
      path: Repository.scenarios.appending(path: "two-layer-regression.yaml").path)
    #expect(regression.model.layers == [ModelPlan.Layer(units: 128, activation: .relu)])
    #expect(regression.model.loss == .meanSquaredError)
    let diagnosis = try Scenario.read(
      path: Repository.scenarios.appending(path: "small-diagnosis.yaml").path)
    #expect(diagnosis.model.layers.count == 1)
    #expect(diagnosis.algorithm.inner.rate == 0.01)
    #expect(diagnosis.algorithm.outer.optimiser == .adam)
    #expect(diagnosis.algorithm.outer.rate == 0.001)
    #expect(diagnosis.federation.rounds == 100)
  }
}
