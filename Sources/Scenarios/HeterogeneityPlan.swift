/// A rule that makes hospitals differ: what it does, where and when.
public struct HeterogeneityRulePlan: Codable, Equatable, Sendable {
  /// What a rule does.
  public enum Effect: Codable, Equatable, Sendable {
    /// Classes come in different shares.
    case labelSkew(LabelSkewPlan)
    /// Hospitals differ in size.
    case quantitySkew(QuantitySkewPlan)
    /// Other patients come.
    case caseMix(CaseMixPlan)
    /// Features act differently on the outcome.
    case conceptShift(ConceptShiftPlan)
    /// The same is written down differently.
    case measurement(MeasurementPlan)
    /// Not everything is measured.
    case missingFeatures(MissingFeaturesPlan)
    /// Outcomes are written down wrongly.
    case labelNoise(LabelNoisePlan)
    /// Patients are adapted on before they are judged by.
    case temporalSplit
  }

  /// The name of its random stream; the kind of rule unless the scenario says otherwise.
  public var name: String
  /// What it does.
  public var effect: Effect
  /// The hospitals concerned; all if nil.
  public var hospitals: [String]?
  /// The first round in which it is in force; from the beginning if nil.
  public var fromRound: Int?
  /// The last round in which it is in force; for good if nil.
  public var untilRound: Int?
  /// The rounds over which it sets in; 1 is at once.
  public var over: Int
  /// Of a drift that goes by time, the seconds after which it sets in; its round is not known before.
  public var fromTime: Double?
  /// Of a drift that goes by time, for how many rounds it holds; for good if nil.
  public var rounds: Int?

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    name: String, effect: Effect, hospitals: [String]? = nil, fromRound: Int? = nil,
    untilRound: Int? = nil, over: Int = 1
  ) {
    self.name = name
    self.effect = effect
    self.hospitals = hospitals
    self.fromRound = fromRound
    self.untilRound = untilRound
    self.over = over
  }
}

/// A number for all hospitals concerned, or one for each that is named.
public enum PerHospital<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  /// The same number everywhere.
  case same(Value)
  /// A number by the hospital's name; others are not concerned.
  case named([String: Value])
}

/// How hospitals differ in the shares of the classes.
public enum LabelSkewPlan: Codable, Equatable, Sendable {
  /// Shares drawn from a Dirichlet distribution about the natural ones, with this concentration.
  case dirichlet(Double)
  /// So many of the classes at each hospital.
  case classes(Int)
  /// The share of class 1 of two.
  case prevalence(PerHospital<Double>)
}

/// How hospitals differ in size.
public enum QuantitySkewPlan: Codable, Equatable, Sendable {
  /// Log-normal sizes: the standard deviation of the logarithm.
  case logNormal(Double)
  /// Sizes that fall as this power of the rank.
  case zipf(Double)
  /// Numbers of patients by the hospital's name.
  case counts([String: Int])
}

/// How hospitals differ in whom they see, in standard deviations of a feature.
public struct CaseMixPlan: Codable, Equatable, Sendable {
  /// The spread of means.
  public var shift: Double
  /// The spread of the logarithm of standard deviations.
  public var scale: Double
  /// The spread of the angle by which pairs of features are turned, in degrees.
  public var rotation: Double
  /// How many clusters of hospitals see the same patients; nil where each sees its own.
  public var clusters: Int?

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(shift: Double = 0, scale: Double = 0, rotation: Double = 0, clusters: Int? = nil) {
    self.shift = shift
    self.scale = scale
    self.rotation = rotation
    self.clusters = clusters
  }
}

/// How hospitals differ in what features do to the outcome.
public struct ConceptShiftPlan: Codable, Equatable, Sendable {
  /// The spread of coefficients.
  public var spread: Double
  /// How many clusters of hospitals agree; nil where each has its own coefficients.
  public var clusters: Int?

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(spread: Double, clusters: Int? = nil) {
    self.spread = spread
    self.clusters = clusters
  }
}

/// How hospitals write the same down differently.
public struct MeasurementPlan: Codable, Equatable, Sendable {
  /// The names of the features concerned; all if nil.
  public var features: [String]?
  /// The factor of a wrong unit.
  public var factor: Double
  /// The spread of the logarithm of factors.
  public var factorSpread: Double
  /// What is added, in the feature's unit.
  public var offset: Double
  /// The spread of what is added, in the feature's standard deviations.
  public var offsetSpread: Double
  /// What is rounded to a multiple of, in the feature's unit; 0 leaves numbers as they are.
  public var rounding: Double
  /// Whether hospitals have codes of their own for categories.
  public var codes: Bool

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    features: [String]? = nil, factor: Double = 1, factorSpread: Double = 0, offset: Double = 0,
    offsetSpread: Double = 0, rounding: Double = 0, codes: Bool = false
  ) {
    self.features = features
    self.factor = factor
    self.factorSpread = factorSpread
    self.offset = offset
    self.offsetSpread = offsetSpread
    self.rounding = rounding
    self.codes = codes
  }
}

/// What hospitals do not measure.
public struct MissingFeaturesPlan: Codable, Equatable, Sendable {
  /// The names of the features that can be missing; all if nil.
  public var features: [String]?
  /// How often a feature is missing.
  public var share: Double
  /// How that depends on the feature's value: log odds per standard deviation.
  public var byValue: Double
  /// The share of features that a hospital never measures.
  public var columns: Double
  /// The features that no hospital concerned measures.
  public var never: [String]
  /// Whether a further input says that a feature is missing.
  public var indicator: Bool

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    features: [String]? = nil, share: Double = 0, byValue: Double = 0, columns: Double = 0,
    never: [String] = [], indicator: Bool = false
  ) {
    self.features = features
    self.share = share
    self.byValue = byValue
    self.columns = columns
    self.never = never
    self.indicator = indicator
  }
}

/// Outcomes that are written down wrongly.
public struct LabelNoisePlan: Codable, Equatable, Sendable {
  /// Which outcomes are in danger.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Both classes alike.
    case symmetric
    /// Class 1 is taken for 0.
    case missed
    /// Class 0 is taken for 1.
    case overcalled
  }

  /// Which outcomes are in danger.
  public var kind: Kind
  /// How likely each is wrong.
  public var rate: PerHospital<Double>

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(kind: Kind = .symmetric, rate: PerHospital<Double>) {
    self.kind = kind
    self.rate = rate
  }
}
