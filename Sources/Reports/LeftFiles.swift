import Federation
import Foundation

/// The files that a finished run has left beside its journal, held to what came out when it was played
/// again.
struct LeftFiles {
  /// A file that says something else than came out.
  struct Difference: Equatable {
    /// Its name.
    var file: String
    /// What it says, and what came out.
    var found: String
  }

  /// The names of those that were there, and compared.
  private(set) var compared: [String] = []
  /// The first that says something else; `nil` where all say the same.
  private(set) var difference: Difference?
  /// Compares the files of `run`, `results` being the text of `results.json` that came out.
  init(of run: RecordedRun, results: String) throws(RunFilesError) {
    try compare("meta.safetensors", in: run.path) { Self.difference(ofMeta: $0, from: run) }
    try compare("results.json", in: run.path) { Self.difference(of: $0, from: results) }
  }

  private mutating func compare(
    _ name: String, in path: String, by found: ([UInt8]) -> String?
  ) throws(RunFilesError) {
    guard difference == nil, let bytes = try InputFile("\(path)/\(name)")?.rest() else { return }
    compared.append(name)
    difference = found(bytes).map { Difference(file: name, found: $0) }
  }

  /// The numbers by the digest of the last round, which is proven by then, and what stands before them.
  private static func difference(ofMeta bytes: [UInt8], from run: RecordedRun) -> String? {
    guard let last = run.rounds.last else { return nil }
    let tensors = TensorShape.all(of: Experiment(run.scenario).layout)
    guard let numbers = MetaParameters.numbers(tensors.reduce(0) { $0 + $1.count }, endOf: bytes)
    else { return "it is too short for the meta-parameters of this scenario" }
    let sha256 = MetaParameters.digest(of: numbers)
    guard sha256 == last.sha256 else {
      return "its meta-parameters have the digest \(sha256), those that came out \(last.sha256)"
    }
    let again = MetaParameters(
      numbers, tensors: tensors, of: run.scenario, scenarioDigest: run.scenarioDigest ?? "",
      round: last.round)
    return again.safetensors == bytes
      ? nil : "it names its meta-parameters otherwise than a run does"
  }

  /// The first line that differs.
  private static func difference(of bytes: [UInt8], from results: String) -> String? {
    guard Array(results.utf8) != bytes else { return nil }
    let mine = lines(String(decoding: bytes, as: UTF8.self))
    let again = lines(results)
    let place = zip(mine, again).prefix { $0 == $1 }.reduce(0) { count, _ in count + 1 }
    let differing = [mine, again].map { $0.indices.contains(place) ? $0[place] : "" }
    let common = differing[0].commonPrefix(with: differing[1]).count
    let texts = differing.map { excerpt($0, about: common) }
    return "its line \(place + 1) is \(texts[0]) and came out as \(texts[1])"
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// A line in quotes, of a long one what stands about the character at `place`.
  private static func excerpt(_ line: Substring, about place: Int) -> String {
    let start = max(0, place - 60)
    let rest = line.dropFirst(start)
    let text = (start > 0 ? "…" : "") + rest.prefix(120) + (rest.count > 120 ? "…" : "")
    return "'\(text.drop { $0 == " " })'"
  }
}
