/// Where patients come from, which hospitals there are, and which of them never train.
public struct CohortPlan: Codable, Equatable, Sendable {
  /// Where the patients come from.
  public var source: CohortSourcePlan
  /// The names of all hospitals, training and held-out.
  ///
  /// A count `n` in the file means `h1` to `hn`.
  public var hospitals: HospitalList
  /// Which of ``hospitals`` never train.
  public var heldOut: HeldOutPlan
  /// How features are brought to one scale.
  public var standardisation: Standardisation
  /// The share of each hospital's patients kept for judging, where the data set names no split.
  public var testShare: Double
  /// How ``hospitals`` come of those of the source; the source's own if nil.
  public var partition: PartitionPlan?
  /// What a task is, and so what each of ``hospitals`` stands for.
  public var by: TaskUnit

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    source: CohortSourcePlan, hospitals: HospitalList, heldOut: HeldOutPlan,
    standardisation: Standardisation, testShare: Double, partition: PartitionPlan? = nil,
    by unit: TaskUnit = .hospital
  ) {
    self.source = source
    self.hospitals = hospitals
    self.heldOut = heldOut
    self.standardisation = standardisation
    self.testShare = testShare
    self.partition = partition
    by = unit
  }
}

/// Where the patients come from.
public enum CohortSourcePlan: Codable, Equatable, Sendable {
  /// Tabular patients of a documented generative model with known true risk.
  case synthetic(SyntheticPlan)
  /// The four UCI heart-disease hospitals.
  case heartDisease
  /// The hospitals of the International Stroke Trial.
  case strokeTrial
  /// The sine waves of the MAML paper: a family of regression tasks.
  case sinusoid(SinusoidPlan)
  /// Patients or records of another published data set.
  case published(PublishedPlan)
  /// Synthetic patients who are given doses, and whose best dose is known.
  case doses(DosesPlan)
  /// Synthetic points of ten classes, as FedProx and pFedMe draw them.
  case tenClasses(TenClassesPlan)
}

/// Which hospitals never train.
public enum HeldOutPlan: Codable, Equatable, Sendable {
  /// So many, chosen by the scenario's seed.
  case count(Int)
  /// These.
  case named([String])
}

/// How features are brought to one scale before a model sees them.
public enum Standardisation: String, Codable, CaseIterable, Sendable {
  /// Values as they are.
  case none
  /// By the mean and spread over all training hospitals, from sums that the hospitals send.
  case acrossHospitals = "across-hospitals"
  /// By each hospital's own mean and spread.
  case perHospital = "per-hospital"
}

/// The synthetic clinic: how many patients, which outcome, and how far hospitals differ.
public struct SyntheticPlan: Codable, Equatable, Sendable {
  /// What is to be predicted at the synthetic clinic.
  public enum Outcome: String, Codable, CaseIterable, Sendable {
    /// Disease or none.
    case diagnosis
    /// Days in hospital, a number.
    case lengthOfStay = "length-of-stay"
  }

  /// The mean number of patients a hospital has.
  public var patients: Int
  /// How many clinical features a patient has, of those that the clinic knows.
  public var features: Int
  /// What is to be predicted.
  public var outcome: Outcome
  /// How far hospitals differ in whom they see: the spread of feature means, in standard deviations.
  public var caseMix: Double
  /// How far hospitals differ in how features act on the outcome: the spread of coefficients.
  public var effectSpread: Double
  /// The share of patients with the disease, on average over hospitals.
  public var prevalence: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    patients: Int, features: Int, outcome: Outcome, caseMix: Double, effectSpread: Double,
    prevalence: Double
  ) {
    self.patients = patients
    self.features = features
    self.outcome = outcome
    self.caseMix = caseMix
    self.effectSpread = effectSpread
    self.prevalence = prevalence
  }
}

/// The dose clinic: how many records a patient has, and how far patients differ.
public struct DosesPlan: Codable, Equatable, Sendable {
  /// The records of each patient.
  public var records: Int
  /// How many doses there are to choose from, evenly from none to the largest.
  public var doses: Int
  /// How far patients differ in need, sensitivity and side effects; 0 makes them alike.
  public var spread: Double
  /// The spread of what is measured about its true mean.
  public var noise: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(records: Int, doses: Int, spread: Double, noise: Double) {
    self.records = records
    self.doses = doses
    self.spread = spread
    self.noise = noise
  }
}

/// The synthetic data of FedProx and pFedMe: how far hospitals differ, how large they are, and the seed that they
/// were drawn with.
public struct TenClassesPlan: Codable, Equatable, Sendable {
  /// How far the models of hospitals differ: a spread.
  public var alpha: Double
  /// How far the points of hospitals differ: a spread.
  public var beta: Double
  /// By what the sizes of hospitals are multiplied; 1 in FedProx, 5 in pFedMe.
  public var sizeFactor: Int
  /// The seed of the data set's own generator; the scenario's seed draws the split, the model and the rounds.
  public var seed: UInt32

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(alpha: Double, beta: Double, sizeFactor: Int, seed: UInt32) {
    self.alpha = alpha
    self.beta = beta
    self.sizeFactor = sizeFactor
    self.seed = seed
  }
}

/// The sine waves y = amplitude sin(frequency x - phase): the ranges that tasks are drawn from.
public struct SinusoidPlan: Codable, Equatable, Sendable {
  /// Where the points lie on which adaptation is judged.
  public enum Points: String, Codable, CaseIterable, Sendable {
    /// Drawn uniformly from the range of inputs.
    case random
    /// An even grid over the range of inputs.
    case grid
  }

  /// The range of amplitudes; 0.1 to 5 in the paper.
  public var amplitude: ClosedRange<Double>
  /// The range of phases in radians; 0 to pi in the paper.
  public var phase: ClosedRange<Double>
  /// The range of frequencies; 1 to 1 in the paper.
  public var frequency: ClosedRange<Double>
  /// The range of inputs x; -5 to 5 in the paper.
  public var inputs: ClosedRange<Double>
  /// Where the points of evaluation lie.
  public var points: Points

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    amplitude: ClosedRange<Double>, phase: ClosedRange<Double>, frequency: ClosedRange<Double>,
    inputs: ClosedRange<Double>, points: Points
  ) {
    self.amplitude = amplitude
    self.phase = phase
    self.frequency = frequency
    self.inputs = inputs
    self.points = points
  }
}
