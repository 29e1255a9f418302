import Scenarios
import Testing

@Suite("Damaged scenarios")
struct MutationTests {
  private static let scraps =
    [
      "&a ", "*a", "!!int ", "|", ">", "? ", ": ", "- ", "[", "]", "{", "}", ",", "#", "%", "@",
      "`",
    ]
    + [
      "\"", "'", "\t", "\n", "\r", "\r\n", "---\n", "...\n", "<<: ", "\u{0}", "\u{E000}",
      "\u{2028}",
    ]
    + ["é", "🫀", "-1", "1e999", "99999999999999999999", "0x10", "1:30", "~", "null", "yes", "\\u"]

  /// A text with one to six deletions, insertions, and lines given twice.
  private func damaged(_ text: String, using random: inout SplitMix64) -> String {
    var characters = Array(text)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let start = Int.random(in: 0..<characters.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        characters.removeSubrange(start..<min(start + 3, characters.count))
      case 1:
        let line = characters[start...].prefix { $0 != "\n" }
        characters.insert(contentsOf: "\n" + line + "\n", at: start)
      case 2:
        characters.swapAt(start, Int.random(in: 0..<characters.count, using: &random))
      default:
        let scrap = Self.scraps[Int.random(in: Self.scraps.indices, using: &random)]
        characters.insert(contentsOf: scrap, at: start)
      }
    }
    return String(characters)
  }

  @Test("every damaged text is read or refused, with places that are in the text")
  func placesAreInTheText() throws {
    var (read, refused) = (0, 0)
    for seed in 0..<4000 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let text = damaged(Scenario.bundledDefault, using: &random)
      do {
        let scenario = try Scenario.read(text, file: "damaged.yaml")
        #expect(try Scenario.read(scenario.yaml, file: "again.yaml") == scenario)
        read += 1
      } catch {
        refused += 1
        #expect(!error.problems.isEmpty)
        let lines = text.unicodeScalars.count {
          "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0)
        }
        for problem in error.problems {
          let line = try #require(problem.line)
          #expect((1...lines + 2).contains(line), "\(problem) of \(text)")
          #expect(try #require(problem.column) >= 1)
          #expect(!problem.description.unicodeScalars.contains { $0.value < 0x20 }, "\(problem)")
        }
      }
    }
    #expect(read > 100)
    #expect(refused > 1000)
  }
}
