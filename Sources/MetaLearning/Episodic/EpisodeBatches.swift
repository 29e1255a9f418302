import Models
import Tensors

/// Mini-batches out of an episode, in the order of its examples and from the first again after the
/// last; allocates when an episode is larger than all before.
struct EpisodeBatches {
  private let examples: Reptile.Examples
  private let batch: Int?
  private var inputs: [Float] = []
  private var targets: [Float] = []

  /// Batches of so many examples; of all, where there is no number.
  init(_ examples: Reptile.Examples, batch: Int?) {
    precondition(batch.map { $0 > 0 } ?? true, "a batch has at least one example")
    self.examples = examples
    self.batch = batch
  }

  /// Lends batch number `number` of an episode; not to be kept.
  mutating func withBatch<Result>(
    _ number: Int, of episode: PreparedEpisode, _ body: (LabelledRows) -> Result
  ) -> Result {
    let (support, query) = (episode.support, episode.query)
    if batch == nil && examples == .support { return support.withRows(body) }
    let all = support.count + (examples == .all ? query.count : 0)
    let count = batch ?? all
    let (width, outputs) = (support.inputs.columns, support.targets.columns)
    inputs.reserve(count * width)
    targets.reserve(count * outputs)
    for row in 0..<count {
      let place = (number * count + row) % all
      let (source, index) =
        place < support.count ? (support, place) : (query, place - support.count)
      inputs.put(source.inputs.scalars, row: index, width: width, at: row)
      targets.put(source.targets.scalars, row: index, width: outputs, at: row)
    }
    return unsafe inputs.withUnsafeBufferPointer { inputs in
      unsafe targets.withUnsafeBufferPointer { targets in
        let inputs = unsafe UnsafeBufferPointer(rebasing: inputs[0..<count * width])
        let targets = unsafe UnsafeBufferPointer(rebasing: targets[0..<count * outputs])
        return unsafe body(LabelledRows(inputs: inputs, targets: targets, rows: count))
      }
    }
  }
}

extension [Float] {
  /// Grows to at least so many numbers.
  fileprivate mutating func reserve(_ count: Int) {
    if self.count < count { self = .zeros(count) }
  }

  /// Copies a row of `other` into row `row`.
  fileprivate mutating func put(_ other: [Float], row index: Int, width: Int, at row: Int) {
    for column in 0..<width { self[row * width + column] = other[index * width + column] }
  }
}
