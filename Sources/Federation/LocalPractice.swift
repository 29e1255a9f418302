import Cohorts
import MetaLearning
import Models

/// Mini-batches of a hospital's patients, as a network takes them.
final class LocalPractice: BatchSource {
  private var batches: MiniBatches
  private let network: Network
  private let isFlipped: Bool
  /// Where batches are of records of several patients: whose have come so far.
  private(set) var owners: Set<Int>?

  init(_ batches: MiniBatches, for network: Network, flipped: Bool) {
    self.batches = batches
    self.network = network
    isFlipped = flipped
  }

  func next() -> PreparedExamples {
    var examples = batches.next()
    if let met = examples.owners { owners = (owners ?? []).union(met) }
    if isFlipped { examples.exchange(classes: network.classes) }
    return PreparedExamples(examples, for: network)
  }
}
