import Federation

/// The file `checkpoint-evaluation.bin`: the last evaluation of a run that is under way.
///
/// `results.json` tells only its figures; a run that goes on, and ends before another evaluation is
/// made, is to tell them again. The file holds the evaluation and a checksum over it.
enum EvaluationFile {
  private static let name = "checkpoint-evaluation.bin"

  static func write(_ evaluation: Evaluation, in directory: RunDirectory) throws(RunFilesError) {
    var bytes = evaluation.bytes
    bytes.add(numbers: [Checksum.of(bytes)])
    try OutputFile.replace(directory.file(name), with: bytes)
  }

  /// The evaluation; `nil` where there is none, or it is damaged: it only repeats what can be lost.
  static func read(
    in directory: RunDirectory, of experiment: Experiment
  ) throws(RunFilesError) -> Evaluation? {
    guard let bytes = try InputFile(directory.file(name))?.rest(), bytes.count >= 8 else {
      return nil
    }
    var end = StateReader(bytes.suffix(8))
    let content = Array(bytes.dropLast(8))
    guard let checksum = try? end.numbers(1, zero: UInt64(0)).first,
      checksum == Checksum.of(content)
    else { return nil }
    return Evaluation(content, of: experiment)
  }

  static func remove(in directory: RunDirectory) { OutputFile.remove(directory.file(name)) }
}
