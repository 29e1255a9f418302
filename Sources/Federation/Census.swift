import Cohorts
import Scenarios
import Tensors

/// Who is at the hospitals of a scenario in one round, counted.
///
/// It reads the patients of all hospitals in one process, which no federation does: it is for whoever
/// writes a scenario, at the machine where it is simulated.
public struct Census: Equatable, Sendable {
  /// The patients of one hospital, counted.
  public struct Hospital: Equatable, Sendable {
    /// The hospital's name.
    public let name: String
    /// Whether it never trains.
    public let isHeldOut: Bool
    /// The number of its patients; where it is a patient, of the records.
    public let patients: Int
    /// How many of them have each of the ``Census/labels``; where patients have several records, how many
    /// of these.
    public let counts: [Int]
    /// The share of features that are missing.
    public let missing: Double

    /// The number of patients, or of all their records.
    public var records: Int { counts.reduce(0, +) }

    /// The share of ``records`` of each label; 0 where there are none.
    public var shares: [Double] {
      counts.map { records > 0 ? Double($0) / Double(records) : 0 }
    }
  }

  /// The round whose patients are counted.
  public let round: Int
  /// What outcomes are counted by: the classes, or tenths of all patients by their outcome.
  public let labels: [String]
  /// Whether these are classes.
  public let isOfClasses: Bool
  /// The hospitals, in the scenario's order; none where tasks make their own points.
  public let hospitals: [Hospital]

  /// Counts the patients of a scenario, hospital after hospital, keeping no more than outcomes.
  ///
  /// - Throws: `CohortError` where patients cannot be read.
  public init(of experiment: Experiment, in round: Int, data: String?) throws {
    self.round = round
    let scenario = experiment.scenario
    let names = scenario.cohorts.source.hasPatients ? scenario.cohorts.hospitals : []
    let wards = try Wards(experiment, hospitals: names, data: data, capacity: 0)
    let heldOut = HospitalPlaces(experiment.heldOut)
    var found: [(name: String, patients: Int, outcomes: [Float], missing: Double)] = []
    for name in names {
      let cohort = try wards.cohort(of: name, in: round)
      let all = cohort.outcomes.count * scenario.cohorts.source.featureNames.count
      let missing =
        Double(cohort.inputs.scalars.count(where: \.isNaN)) / Double(max(1, all))
      found.append((name, cohort.patients, cohort.outcomes, missing))
    }
    let classes = scenario.cohorts.source.classes
    isOfClasses = classes != nil
    let bins = Bins(of: classes, outcomes: found.lazy.flatMap(\.outcomes))
    labels = bins.labels
    hospitals = found.map { hospital in
      Hospital(
        name: hospital.name, isHeldOut: heldOut.contains(hospital.name),
        patients: hospital.patients, counts: bins.counts(of: hospital.outcomes),
        missing: hospital.missing)
    }
  }
}

/// What outcomes are counted by.
private struct Bins {
  let labels: [String]
  /// The upper ends of all bins but the last.
  private let ends: [Float]

  init(of classes: Int?, outcomes: some Sequence<Float>) {
    if let classes {
      labels = (0..<classes).map { "class \($0)" }
      ends = (1..<classes).map { Float($0) - 0.5 }
      return
    }
    let sorted = outcomes.sorted()
    ends = sorted.isEmpty ? [] : (1..<10).map { sorted[sorted.count * $0 / 10] }
    labels = (1...ends.count + 1).map { "tenth \($0)" }
  }

  func counts(of outcomes: [Float]) -> [Int] {
    var counts = Array(repeating: 0, count: labels.count)
    for outcome in outcomes {
      counts[ends.firstIndex { outcome < $0 } ?? labels.count - 1] += 1
    }
    return counts
  }
}

extension CohortSourcePlan {
  /// Whether hospitals have patients: sine waves are drawn anew for every episode.
  fileprivate var hasPatients: Bool {
    if case .sinusoid = self { return false }
    return true
  }
}
