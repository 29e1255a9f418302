import Scenarios

/// Keeps what hospitals remember where it survives the process that serves them.
public protocol MemoryKeeper: AnyObject {
  /// What was kept last of a hospital; `nil` where nothing was.
  func recall(_ hospital: String) throws -> [UInt8]?
  /// Keeps `bytes` of a hospital in place of what was kept before, whole or not at all.
  func keep(_ bytes: [UInt8], of hospital: String) throws
}

/// What hospitals remember from one round for the next, such as control variates and personal models.
///
/// A hospital goes on from the last of its answers that was counted, and the coordinator says to each
/// which one that was. So an answer that was lost leaves no trace, a question that is put again gets
/// the same answer, and it does not matter when and how often a node or the coordinator was started
/// again. Kept are the memory after that round, and the one after the newest.
final class Memories {
  /// What one hospital remembers after each of some rounds; after round 0 it is nothing.
  fileprivate struct Shelf {
    var memories: [Int: [Float]] = [:]
  }

  private let keeper: (any MemoryKeeper)?
  private let digest: [UInt8]
  private var shelves: [String: Shelf] = [:]

  init(of experiment: Experiment, keeper: (any MemoryKeeper)?) {
    self.keeper = keeper
    digest = experiment.digest
  }

  /// What `hospital` remembers after `round`, the last in which it was counted; 0 before any.
  ///
  /// - Throws: ``Forgotten`` where that is not known, and what the keeper throws.
  func memory(of hospital: String, after round: Int, run: [UInt8]) throws -> [Float] {
    guard round > 0 else { return [] }
    guard let memory = try shelf(of: hospital, run: run).memories[round] else {
      throw Forgotten(round: round)
    }
    return memory
  }

  /// Notes what `hospital` remembers after `round` if that is counted, beside what it remembered
  /// `before`, the last round that was.
  func note(
    _ memory: [Float], of hospital: String, after round: Int, before: Int, run: [UInt8]
  ) throws {
    var shelf = try shelf(of: hospital, run: run)
    shelf.memories = shelf.memories.filter { $0.key == before }
    shelf.memories[round] = memory
    shelves[hospital] = shelf
    try keeper?.keep(bytes(of: shelf, run: run), of: hospital)
  }

  private func shelf(of hospital: String, run: [UInt8]) throws -> Shelf {
    if let known = shelves[hospital] { return known }
    let shelf = try keeper?.recall(hospital).flatMap { Shelf($0, digest: digest, run: run) }
    shelves[hospital] = shelf
    return shelf ?? Shelf()
  }

  private func bytes(of shelf: Shelf, run: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.add(numbers: digest)
    bytes.add(numbers: run)
    bytes.add(shelf.memories.count)
    for (round, memory) in shelf.memories.sorted(by: { $0.key < $1.key }) {
      bytes.add(round)
      bytes.add(memory.count)
      bytes.add(numbers: memory)
    }
    return bytes
  }
}

extension Memories.Shelf {
  /// What was written of a hospital in this run of this scenario; `nil` where the bytes are of another,
  /// or no memory at all.
  fileprivate init?(_ bytes: [UInt8], digest: [UInt8], run: [UInt8]) {
    var reader = StateReader(bytes[...])
    do {
      guard try reader.numbers(digest.count, zero: UInt8(0)) == digest,
        try reader.numbers(run.count, zero: UInt8(0)) == run
      else { return nil }
      for _ in 0..<(try reader.word(in: 0...2)) {
        let round = try reader.word(in: 1 ... .max)
        memories[round] = try reader.numbers(reader.word(in: 0 ... .max), zero: 0)
      }
    } catch { return nil }
  }
}

/// A hospital does not know any more what it remembered after a round.
struct Forgotten: Error, CustomStringConvertible {
  let round: Int

  var description: String {
    "it has forgotten what it remembered after round \(round): its node was started without the"
      + " memory of the one before; start it with the same --memory directory"
  }
}
