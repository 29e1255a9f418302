import Cohorts
import Scenarios
import Tensors

// What the names of data sets mean in the terms of cohorts.

extension PublishedPlan {
  /// The names of what is known of a patient or record.
  var featureNames: [String] {
    switch dataSet {
    case .parkinsons: ParkinsonsTelemonitoring.features
    case .glucose: GlucoseMonitoring.features
    case .intensiveCare: IntensiveCare.features
    case .rhDNase: RhDNaseTrial.features
    case .cirrhosis: CirrhosisTrial.features
    case .remifentanil: Remifentanil.features
    }
  }

  /// All hospitals or patients of the data set.
  func hospitals(in directory: String) throws(CohortError) -> [String] {
    switch dataSet {
    case .parkinsons: ParkinsonsTelemonitoring.patients
    case .glucose: GlucoseMonitoring.patients
    case .intensiveCare: try IntensiveCare.hospitals(in: directory)
    case .rhDNase: RhDNaseTrial.centres
    case .cirrhosis: CirrhosisTrial.hospitals
    case .remifentanil: Remifentanil.patients
    }
  }

  /// The patients or records of each of `hospitals`, in that order.
  func cohorts(
    of hospitals: [String], by unit: TaskUnit, in directory: String
  ) throws(CohortError) -> [Cohort] {
    switch dataSet {
    case .parkinsons:
      try ParkinsonsTelemonitoring.cohorts(
        of: hospitals, score: outcome == .totalUPDRS ? .total : .motor, in: directory)
    case .glucose:
      try GlucoseMonitoring.cohorts(
        of: hospitals, horizon: (horizon ?? .halfHour).minutes, in: directory)
    case .intensiveCare:
      try IntensiveCare.cohorts(
        of: hospitals, by: Grouping(unit), outcome: outcome == .death ? .death : .longStay,
        in: directory)
    case .rhDNase: try RhDNaseTrial.cohorts(of: hospitals, in: directory)
    case .cirrhosis: try CirrhosisTrial.cohorts(of: hospitals, in: directory)
    case .remifentanil: try Remifentanil.cohorts(of: hospitals, in: directory)
    }
  }
}

extension Grouping {
  init(_ unit: TaskUnit) {
    self = unit == .condition ? .condition : .hospital
  }
}

extension CohortPlan {
  /// Whether it can be said of records that nothing changes: after the last reading, or after the last of
  /// the support set, where this is of the same patient.
  var hasLastValue: Bool {
    guard case .published(let plan) = source else { return false }
    return switch plan.dataSet {
    case .glucose: true
    case .parkinsons, .remifentanil: by == .patient
    case .intensiveCare, .rhDNase, .cirrhosis: false
    }
  }
}

extension DoseClinic {
  init(_ plan: DosesPlan, random: RandomStream) {
    self.init(
      records: plan.records, doses: plan.doses, spread: plan.spread, noise: plan.noise,
      random: random)
  }
}
