import Foundation
import Scenarios
import Testing

/// The JSON Schema that editors use says the same as the reader: each statement of the schema is
/// put to the reader as an override.
@Suite("The JSON Schema and the reader agree")
struct SchemaTests {
  private static let minimal = """
    scenario: minimal
    summary: As little as a scenario can say.
    cohorts: { synthetic: {}, hospitals: 10 }
    task: { support: 4, query: 4 }
    model: { layers: [{ dense: 4 }] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 10 }
    heterogeneity: [{ label-noise: { rate: 0 } }]
    timeline: [{ round: 1, kill: h1 }]

    """

  /// One rule of every kind that needs no more than its own keys.
  private static let rules = [
    "case-mix: {}", "measurement: {}", "missing-features: {}",
    "label-skew: { classes: 2, from-round: 1 }", "quantity-skew: { zipf: 1, from-round: 1 }",
    "concept-shift: { spread: 1, from-round: 1 }", "label-noise: { rate: 0, from-round: 1 }",
  ]

  /// One drift of every kind that has defaults.
  private static let drifts = [
    "case-mix: {}", "measurement: {}", "missing-features: {}", "label-noise: { rate: 0 }",
  ]

  /// The acts that have settings, and those that must be given.
  private static let acts = [
    ("slow", ", factor: 2"), ("delay", ", by: 1s"), ("drop", ""), ("duplicate", ""),
    ("reorder", ", within: 1s"), ("corrupt", ""), ("hostile", ", attack: noise"),
  ]

  /// The algorithms that have settings of their own.
  private static let algorithms =
    ["imaml", "cavia", "maml++", "aruba", "reptile"].map { ["algorithm.name=\($0)"] }
    + ["fedavg", "fedprox", "per-fedavg", "scaffold", "fedrep"].map {
      ["algorithm.name=\($0)", "algorithm.local={ steps: 1, batch: 1, rate: 0.1 }"]
    }

  /// A property of the schema and the dotted path at which the reader meets it.
  private struct Property {
    let path: String
    let schema: [String: Any]
  }

  private let properties: [Property]
  /// What the schema demands of a file that extends no other, by the section.
  private let complete: [Property]

  init() throws {
    let file = Repository.scenarios.appending(path: "scenario.schema.json")
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    properties = Self.walk(root, path: "")
    complete = Self.walk(try #require(root["then"] as? [String: Any]), path: "")
  }

  private static func walk(_ schema: [String: Any], path: String) -> [Property] {
    let below = schema["properties"] as? [String: [String: Any]] ?? [:]
    let members = (schema["items"] as? [String: Any]).map { items in
      items["properties"] == nil ? [] : walk(items, path: "\(path).0")
    }
    return [Property(path: path, schema: schema)] + (members ?? [])
      + below.sorted { $0.key < $1.key }.flatMap { key, schema in
        walk(schema, path: path.isEmpty ? key : "\(path).\(key)")
      }
  }

  private func problems(_ override: String) -> [ScenarioProblem] {
    do {
      _ = try Scenario.read(Self.minimal, file: "", overrides: [Override(override)])
      return []
    } catch {
      return error.problems
    }
  }

  /// Whether the reader takes the value for this key, whatever it may contradict.
  private func takes(_ value: String, at path: String) -> Bool {
    !problems("\(path)=\(value)").contains {
      $0.path == path.reader && $0.found.hasPrefix("found ")
    }
  }

  @Test("the keys of every section are those that the reader accepts")
  func keys() throws {
    let sections = properties.filter { $0.schema["properties"] != nil }
    #expect(sections.count == 73)
    for section in sections {
      let stranger = section.path.isEmpty ? "no-such-key" : "\(section.path).no-such-key"
      let problem = try #require(problems("\(stranger)=1").first { $0.found == "unknown key" })
      let keys = try #require(section.schema["properties"] as? [String: Any]).keys
      #expect(problem.accepted.components(separatedBy: ", ").sorted() == keys.sorted())
      #expect(section.schema["additionalProperties"] as? Bool == false, "\(section.path)")
    }
  }

  @Test("the words of every enumeration are those that the reader accepts")
  func words() throws {
    let choices = properties.filter { $0.schema["enum"] != nil }
    #expect(choices.count == 31)
    for choice in choices {
      let problem = try #require(
        problems("\(choice.path)=no-such-word").first {
          $0.path == choice.path.reader && $0.found == "found no-such-word"
        })
      let words = try #require(choice.schema["enum"] as? [String])
      #expect(problem.accepted == words.joined(separator: ", "))
    }
  }

  @Test("the bounds of every number are those of the reader")
  func bounds() throws {
    var checked = 0
    for property in properties {
      for (key, step) in [("minimum", Decimal(-1)), ("maximum", Decimal(1))] {
        guard let bound = decimal(property.schema[key]) else { continue }
        #expect(takes("\(bound)", at: property.path), "\(property.path) \(key)")
        #expect(!takes("\(bound + step)", at: property.path), "\(property.path) \(key)")
        checked += 1
      }
      for key in ["exclusiveMinimum", "exclusiveMaximum"] {
        guard let bound = decimal(property.schema[key]) else { continue }
        #expect(!takes("\(bound)", at: property.path), "\(property.path) \(key)")
        checked += 1
      }
    }
    #expect(checked > 50)
  }

  private func decimal(_ value: Any?) -> Decimal? {
    (value as? NSNumber).flatMap { Decimal(string: "\($0)") }
  }

  @Test("the required keys are those whose absence the reader reports")
  func required() throws {
    for section in properties where section.schema["properties"] != nil {
      let found: [ScenarioProblem]
      if section.path.isEmpty {
        found = try #require(throws: ScenarioProblems.self) {
          try Scenario.read("{}", file: "")
        }.problems
      } else {
        found = problems("\(section.path)={}")
      }
      let prefix = section.path.isEmpty ? "" : section.path.reader + "."
      let missing = found.filter {
        $0.found.hasSuffix("is missing") && $0.path.hasPrefix(prefix)
      }.map { String($0.path.dropFirst(prefix.count)) }
      var required =
        ([section] + complete.filter { $0.path == section.path }).flatMap {
          $0.schema["required"] as? [String] ?? []
        }
      // Hospitals are optional in the schema, since one of the data sets brings its own.
      if section.path == "cohorts" { required.append("hospitals") }
      #expect(missing.sorted() == required.sorted(), "\(section.path)")
    }
  }

  @Test("nothing is demanded of a file that extends another but in the members of its lists")
  func extending() throws {
    for section in properties where section.schema["required"] != nil {
      #expect(section.path.contains(".0"), "\(section.path): move required into the schema's then")
    }
    for key in ["oneOf", "anyOf", "allOf"] {
      #expect(!properties.contains { $0.schema["properties"] != nil && $0.schema[key] != nil })
    }
    #expect(complete.count { $0.schema["required"] != nil } >= 7)
  }

  @Test("the defaults are those of the reader")
  func defaults() throws {
    let bases: [[String]] =
      [
        [], ["algorithm.outer.optimizer=momentum"],
        ["algorithm.outer.optimizer=hypergradient"],
        [
          "cohorts={ dataset: hupa-ucm-cgm }", "heterogeneity=[]", "timeline=[]",
          "model.layers=[{ convolution: 4 }]",
        ],
        [
          "cohorts={ dataset: hupa-ucm-cgm }", "heterogeneity=[]", "timeline=[]",
          "model.layers=[{ gru: 4 }]",
        ],
        [
          "cohorts={ dataset: heart-disease }", "heterogeneity=[]", "timeline=[]",
          "model.layers=[{ embedding: 4 }]",
        ],
        ["cohorts={ sinusoid: {}, hospitals: 10 }", "heterogeneity=[]"],
        ["cohorts={ dataset: hupa-ucm-cgm }", "heterogeneity=[]", "timeline=[]"],
        ["cohorts={ doses: {}, hospitals: 10 }", "heterogeneity=[]"],
        ["cohorts={ ten-classes: {}, hospitals: 10 }", "heterogeneity=[]"],
        ["federation.policy=over-selection", "federation.participation=0.5"],
        ["federation.policy=buffered", "timeline=[]"],
      ] + Self.rules.map { ["heterogeneity=[{ \($0) }]"] }
      + Self.acts.flatMap { key, settings in
        [
          ["timeline=[{ round: 1, \(key): { hospitals: h1\(settings) } }]"],
          ["faults={ \(key): { rate: 1\(settings) } }"],
        ]
      } + ["kill", "pause", "cut", "restart", "leave"].map { ["faults.\($0).rate=1"] }
      + [["faults={ join: { rate: 1, hospitals: h1 } }"]]
      + Self.drifts.map {
        [
          "timeline=[{ round: 1, drift: { hospitals: h1, \($0) } }]", "heterogeneity=[]",
          "faults={ drift: { rate: 1, \($0) } }",
        ]
      } + Self.algorithms
    for property in properties {
      guard let value = property.schema["default"] else { continue }
      var isChecked = false
      let data = try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
      let text = String(decoding: data, as: UTF8.self)
      let setting = "\(property.path)=\(value is String ? "\(value)" : text)"
      // Without the section, nothing takes time, and nothing is pooled; what its keys are by default shows
      // beside it.
      let time = [
        ["time={}"], ["time={ availability: { day-night: { from: 8, until: 20 } } }"],
      ]
      let pooled =
        property.path.hasPrefix("evaluation.pooled.") ? [["evaluation.pooled={}"]] : bases
      for base in property.path.hasPrefix("time.") ? time : pooled {
        let plain = try base.map { try Override($0) }
        let given = try plain + [Override(setting)]
        guard let scenario = try? Scenario.read(Self.minimal, file: "", overrides: given) else {
          continue
        }
        #expect(
          try scenario == Scenario.read(Self.minimal, file: "", overrides: plain), "\(setting)")
        isChecked = true
        break
      }
      #expect(isChecked, "\(setting): no scenario takes it")
    }
  }

  @Test("every key is described")
  func descriptions() {
    for property in properties {
      let text = property.schema["description"] as? String ?? ""
      #expect(text.hasSuffix("."), "\(property.path)")
    }
  }
}

extension String {
  /// The path as the reader writes it: `model.layers[0].dense` for `model.layers.0.dense`.
  fileprivate var reader: String { replacingOccurrences(of: ".0", with: "[0]") }
}
