import Foundation
import Testing

@Suite("replay compare", .serialized)
struct CompareTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try """
    extends: \(Place.scenario("default"))
    scenario: compared
    cohorts: { hospitals: 4, held-out: [h3, h4] }
    federation: { rounds: 3, quorum: 1 }
    evaluation: { episodes: 2, steps: [0, 1] }
    methods:
      maml:
      slow: { algorithm: { inner: { rate: 0.01 } } }
    """.write(toFile: directory.file("compared.yaml"), atomically: true, encoding: .utf8)
  }

  @discardableResult
  private func compare(_ arguments: String...) throws -> Program.Outcome {
    try Program(
      "replay",
      ["compare", directory.file("compared.yaml"), "--run", directory.file("comparison")]
        + arguments
    ).end()
  }

  private func text(_ file: String) -> String {
    (try? String(contentsOfFile: directory.file("comparison/" + file), encoding: .utf8)) ?? ""
  }

  private var cells: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory.file("comparison/cells"))) ?? []
  }

  @Test("the declared methods and the one model for all are compared, and what is new is added")
  func declared() throws {
    let outcome = try compare("--seeds", "2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == text("comparison.txt"))
    #expect(outcome.output.hasPrefix("log loss of held-out hospitals: 4 hospitals, 2 seeds\n"))
    for name in [
      "maml  ", "slow  ", "pooled training*  ", "fedavg, unadapted", "fedavg + intercept",
      "best reachable",
    ] {
      #expect(outcome.output.contains("\n" + name), "\(name)")
    }
    // Once for each seed, and not for each method; of two held-out hospitals, and two that train.
    let pooled = text("figures.csv").components(separatedBy: "\r\n").filter {
      $0.contains(",pooled,")
    }
    #expect(pooled.count == 2 * 4 && pooled.allSatisfy { $0.hasPrefix("fedavg,") })
    #expect(cells.count == 6)
    let more = try compare("--seeds", "3", "--methods", "maml,slow,reptile")
    #expect(more.status == 0, "\(more.errors)")
    #expect(more.errors.contains("6 of 12 cells were played before"))
    #expect(cells.count == 12)
    // A figure is that of the method when it is played by itself.
    let run = directory.file("alone")
    try Program(
      "replay",
      [directory.file("compared.yaml"), "--method", "slow", "--seed", "2", "--run", run]
        + ["--engine", "simulated", "--quiet"]
    ).end()
    let sha256 = try #require(try RunFiles(directory: run).sha256())
    let same = cells.filter {
      (try? RunFiles(directory: directory.file("comparison/cells/\($0)")).sha256()) == sha256
    }
    #expect(same.count == 1)
  }

  @Test("real processes and the simulation are compared to the same figures")
  func engines() throws {
    // No real process sees all patients.
    try compare("--methods", "slow", "--no-pooled")
    let simulated = text("figures.csv")
    try FileManager.default.removeItem(atPath: directory.file("comparison"))
    let outcome = try compare(
      "--methods", "slow", "--engine", "processes", "--processes", "2", "--jobs", "1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!simulated.isEmpty && text("figures.csv") == simulated)
  }

  @Test("sizes of support sets may be asked for, and the bar chosen")
  func bar() throws {
    let outcome = try compare("--shots", "8,32", "--against", "slow/adapted-0")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\n32 patients to adapt on, at 2 hospitals\n"))
    #expect(outcome.output.contains("bar       slow/adapted-0;"))
    #expect(outcome.output.contains("\npooled training*  "))
    // Nobody else is played than those that were asked for.
    #expect(cells.count == 2)
  }

  @Test("with auto, hospitals choose among the methods that were named")
  func auto() throws {
    let outcome = try compare("--methods", "maml,slow,auto")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("chosen by validation, of so many"))
    #expect(outcome.output.contains("\nauto"))
    #expect(text("comparison.json").contains("\"contender\": \"adapted-"))
    #expect(try compare("--methods", "maml,auto").status == 64)
  }

  @Test("each hospital can be held out in turn, and is judged once under each seed")
  func leaveOneOut() throws {
    let outcome = try compare("--methods", "slow", "--leave-one-out", "--seeds", "2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("log loss of held-out hospitals: 8 hospitals, 2 seeds\n"))
    #expect(cells.count == 2 * 4 * 2)
    let rows = text("figures.csv").components(separatedBy: "\r\n").filter {
      $0.hasPrefix("slow,2,held-out,") && $0.contains(",support-constant,")
    }
    #expect(
      rows.compactMap { $0.split(separator: ",").dropFirst(3).first } == ["h1", "h2", "h3", "h4"])
  }

  @Test("what cannot be compared is said before anything is played")
  func problems() throws {
    let unknown = try compare("--methods", "maml,slwo")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("--method slwo: methods: no such method"))
    #expect(unknown.errors.contains("did you mean slow?"))
    #expect(try compare("--methods", "maml,maml").status == 64)
    #expect(try compare("--method", "maml").status == 64)
    let plain = try Program("replay", ["compare", Place.scenario("sinusoid")]).end()
    #expect(plain.status == 64)
    #expect(plain.errors.contains("declares no methods"))
    #expect(cells.isEmpty)
  }

  @Test("replay check reads every method")
  func check() throws {
    let file = directory.file("broken.yaml")
    try """
    extends: compared.yaml
    methods: { slow: { algorithm: { inner: { stepz: 1 } } } }
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try Program("replay", ["check", file]).end()
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("broken.yaml:2:42: algorithm.inner.stepz: unknown key"))
  }
}
