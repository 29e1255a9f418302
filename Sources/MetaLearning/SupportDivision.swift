import Cohorts
import Tensors

/// How a support set is divided into what is adapted on and what validates.
public enum SupportDivision: Equatable, Sendable {
  /// Into so many parts, each of which validates once what was adapted on the others; example `i` is of
  /// part `i` modulo their number, and records of one patient are all of one part.
  case parts(Int)
  /// In order of time: the last of so many parts validates what was adapted on all before it.
  case last(of: Int)

  /// The examples to adapt on and those that validate, for each time that something is validated.
  ///
  /// Nothing of a set of a single example or patient, which cannot be divided.
  func divided(_ support: Examples) -> [Episode] {
    let all = Array(0..<support.count)
    let divisions: [(rest: [Int], validating: [Int])] =
      switch self {
      case .parts(let count): Self.parts(count, of: support)
      case .last(let count):
        [(Array(all.dropLast(max(1, all.count / count))), all.suffix(max(1, all.count / count)))]
      }
    return divisions.filter { !$0.rest.isEmpty && !$0.validating.isEmpty }.map {
      Episode(support: support.rows($0.rest), query: support.rows($0.validating))
    }
  }

  private static func parts(
    _ count: Int, of support: Examples
  ) -> [(rest: [Int], validating: [Int])] {
    let parts = support.parts(count)
    return (0..<count).map { part in
      (parts.indices.filter { parts[$0] != part }, parts.indices.filter { parts[$0] == part })
    }
  }
}

extension Examples {
  /// Inputs and outcomes of some examples.
  fileprivate func rows(_ rows: [Int]) -> Examples {
    Examples(inputs: inputs.rows(at: rows), outcomes: rows.map { outcomes[$0] })
  }
}
