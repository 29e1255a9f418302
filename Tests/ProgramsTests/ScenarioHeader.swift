import Foundation

/// The comment that a scenario opens with: what it shows, and what it claims.
struct ScenarioHeader {
  /// A claim, from its word to the next: `Figure: …`, `Comparison: …` or `Published: …`, on one line.
  struct Claim {
    var kind: Kind
    var text: String
    /// The claim without what it says of other seeds.
    var main: String { text.components(separatedBy: "; with seeds")[0] }
  }

  enum Kind: String, CaseIterable {
    case figure = "Figure", comparison = "Comparison", published = "Published"
  }

  /// The claims, in order.
  let claims: [Claim]

  /// Reads the header of a scenario's text.
  init(of text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("#") }
      .map { $0.dropFirst().trimmingCharacters(in: .whitespaces) }
    var claims: [Claim] = []
    for line in lines {
      if let kind = Kind.allCases.first(where: { line.hasPrefix($0.rawValue + ": ") }) {
        claims.append(Claim(kind: kind, text: String(line.dropFirst(kind.rawValue.count + 2))))
      } else if let last = claims.indices.last {
        claims[last].text += " " + line
      }
    }
    self.claims = claims
  }

  /// Reads the header of the shipped scenario of this name.
  init(ofScenario name: String) throws {
    self.init(of: try String(contentsOfFile: Place.scenario(name), encoding: .utf8))
  }
}
