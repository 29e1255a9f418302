import MetaLearning
import Scenarios

// An evaluation that is no longer in memory when a run goes on is read from what was written down.

extension Evaluation {
  /// The evaluation as bytes, from which ``init(_:of:)`` makes it again.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for word in [round, final ? 1 : 0, hospitals.count] { bytes.add(word) }
    for hospital in hospitals { hospital.write(into: &bytes) }
    bytes.add(missing.count)
    for hospital in missing { bytes.add(hospital) }
    return bytes
  }

  /// The evaluation that ``bytes`` were made of in a run of `experiment`; `nil` where they are none.
  public init?(_ bytes: [UInt8], of experiment: Experiment) {
    var reader = StateReader(bytes[...])
    guard let evaluation = try? Evaluation(&reader, of: experiment), reader.isAtEnd else {
      return nil
    }
    self = evaluation
  }

  private init(
    _ reader: inout StateReader, of experiment: Experiment
  ) throws(StateReader.Malformed) {
    let scenario = experiment.scenario
    round = try reader.word(in: 0...scenario.federation.rounds)
    final = try reader.word(in: 0...1) == 1
    shots = scenario.evaluation.shots
    contenders = experiment.contenders
    explained = experiment.explained
    hospitals = []
    missing = []
    let most = scenario.cohorts.hospitals.count
    for _ in 0..<(try reader.word(in: 0...most)) {
      hospitals.append(
        try HospitalEvaluation(&reader, shots: shots.count, contenders: contenders.count))
    }
    for _ in 0..<(try reader.word(in: 0...most)) { missing.append(try reader.text()) }
  }
}

extension HospitalEvaluation {
  fileprivate func write(into bytes: inout [UInt8]) {
    bytes.add(hospital)
    for word in [heldOut ? 1 : 0, patients ?? -1, results.isEmpty ? 0 : 1] { bytes.add(word) }
    for sums in results.joined() { bytes.add(numbers: sums.numbers + sums.choices.numbers) }
    bytes.add(reliance?.features.count ?? 0)
    if let reliance { bytes.add(numbers: [reliance.explained] + reliance.numbers) }
    bytes.add(declined == nil ? 0 : 1)
    if let declined { bytes.add(declined) }
  }

  fileprivate init(
    _ reader: inout StateReader, shots: Int, contenders: Int
  ) throws(StateReader.Malformed) {
    hospital = try reader.text()
    heldOut = try reader.word(in: 0...1) == 1
    let patients = try reader.word(in: -1 ... .max)
    self.patients = patients < 0 ? nil : patients
    results = []
    if try reader.word(in: 0...1) == 1 {
      for _ in 0..<shots {
        var row: [MetricSums] = []
        for _ in 0..<contenders {
          var sums = MetricSums(numbers: try reader.numbers(MetricSums.count, zero: 0.0)[...])
          sums.choices = ChoiceSums(numbers: try reader.numbers(ChoiceSums.count, zero: 0.0)[...])
          row.append(sums)
        }
        results.append(row)
      }
    }
    let features = try reader.word(in: 0...(1 << 20))
    if features > 0 {
      let numbers = try reader.numbers(1 + features * RelianceSums.count, zero: 0.0)
      reliance = RelianceSums(explained: numbers[0], numbers: numbers.dropFirst())
    }
    declined = try reader.word(in: 0...1) == 1 ? try reader.text() : nil
  }
}
