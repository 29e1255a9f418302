public import Cohorts
import Cryptography
public import MetaLearning
public import Models
public import Scenarios
public import Transports
import Tensors

/// A scenario made ready to run: all that follows from it and from nothing else.
///
/// The coordinator and every hospital make their own, and because it holds nothing but consequences
/// of the scenario, they agree.
public struct Experiment: Sendable {
  /// The scenario.
  public let scenario: Scenario
  /// The 32 bytes of the SHA-256 of the scenario's canonical form: equal scenarios, equal digests.
  public let digest: [UInt8]
  /// What is trained.
  public let network: Network
  /// What the algorithm makes of it: which numbers travel, and where they lie.
  public let layout: MethodLayout
  /// Who is compared in an evaluation, in order.
  public let contenders: [Contender]
  /// The hospitals that train, in the scenario's order.
  public let training: HospitalList
  /// The hospitals that never train, in the scenario's order.
  public let heldOut: HospitalList
  /// The hospitals that an evaluation asks, training first, each in the scenario's order.
  ///
  /// Where the scenario wants fewer than all, these are the held-out hospitals and a sample of those
  /// that train, or only a sample of the held-out ones; the same in every evaluation of a run.
  public let judged: HospitalList

  /// What the model embeds, in the order of the data set; empty where it embeds nothing.
  public let categories: [Category]
  /// What makes the hospitals differ.
  let heterogeneity: Heterogeneity
  /// What happens to hospitals in the course of the run.
  public let timeline: Timeline

  /// What follows from `scenario`.
  ///
  /// - Parameters:
  ///   - scenario: What is run.
  ///   - isRetold: Whether it is an earlier run that is played again, of which an ``Attendance`` says who
  ///     answers what: nothing happens to nodes and messages then.
  public init(_ scenario: Scenario, isRetold: Bool = false) {
    self.scenario = scenario
    digest = SHA256.digest(scenario.canonical)
    let random = RandomStream(seed: scenario.seed)
    timeline = Timeline(
      scenario, random: RandomStream(seed: scenario.seed).child("timeline"), isRetold: isRetold)
    heterogeneity = Heterogeneity(
      of: scenario, drawn: timeline.drawnRules, random: random.child("heterogeneity"))
    categories = scenario.embeddedCategories
    network = Network(
      scenario.model, inputs: Self.inputNames(of: scenario, categories, heterogeneity).count,
      classes: scenario.cohorts.source.classes, time: scenario.cohorts.source.timeAxis,
      categories: categories)
    layout = scenario.algorithm.layout(for: network)
    training = scenario.trainingHospitals
    heldOut = scenario.heldOutHospitals
    judged = Self.judged(
      scenario.evaluation.hospitals, of: training, heldOut: heldOut,
      using: random.child("judged-hospitals"))
    contenders = Self.contenders(of: scenario)
  }

  /// What may come over the wire: no frame larger than this experiment has use for, so that a
  /// stranger cannot make a program set more memory aside.
  public var limits: Limits {
    let metrics = scenario.evaluation.shots.count * contenders.count * MetricSums.count
    let regionMetrics = metrics * min(CombinedAnswer.mostJudged, scenario.cohorts.hospitals.count)
    var limits = Limits.standard
    // Exact sums have up to 6 words a number, of scalars up to 35.
    limits.elements = max(
      layout.parameters, 6 * layout.contribution, regionMetrics,
      (35 + RelianceSums.count * CombinedAnswer.mostJudged) * network.inputs, 70)
    limits.hospitals = max(limits.hospitals, scenario.cohorts.hospitals.count)
    // A name has at most 64 bytes, and two or three more in the envelope.
    let names = 72 * scenario.cohorts.hospitals.count
    let reasons = CombinedAnswer.mostDeclined * (limits.reasonBytes + 16)
    limits.envelopeBytes = max(limits.envelopeBytes, names + reasons)
    limits.frameBytes = max(limits.envelopeBytes, 8 * limits.elements)
    return limits
  }

  private static func judged(
    _ count: Int?, of training: HospitalList, heldOut: HospitalList, using random: RandomStream
  ) -> HospitalList {
    guard let count, count < training.count + heldOut.count else {
      // No list of all names where there need be none.
      return heldOut.isEmpty ? training : HospitalList(training + Array(heldOut))
    }
    var random = random
    let (group, rest) = count > heldOut.count ? (training, heldOut) : (heldOut, [])
    let sample = random.sample(count - rest.count, of: group.count).sorted()
    return HospitalList(group.choosing(sample) + Array(rest))
  }

  private static func contenders(of scenario: Scenario) -> [Contender] {
    var contenders: [Contender] = [.supportConstant, .supportLinear, .supportAlone]
    if scenario.cohorts.hasLastValue { contenders.append(.lastValue) }
    contenders.append(.intercept)
    contenders += scenario.evaluation.steps.map { .adapted(steps: $0) }
    if scenario.algorithm.name.keepsModel { contenders.append(.personal) }
    if scenario.evaluation.pooled != nil { contenders.append(.pooled) }
    if scenario.evaluation.validation > 0 {
      contenders += scenario.evaluation.steps.map { .validated(steps: $0) }
    }
    if scenario.hasDoses { contenders.append(.fixedDose) }
    switch scenario.cohorts.source {
    case .synthetic, .doses: contenders.append(.bestReachable)
    case .heartDisease, .strokeTrial, .sinusoid, .published, .tenClasses: break
    }
    return contenders
  }
}

extension CombinedAnswer {
  /// The most hospitals whose metrics, which are not added up, go into one answer of a region.
  static let mostJudged = 64
  /// The most hospitals that one answer of a region gives reasons of.
  static let mostDeclined = 128
}

// MARK: Random streams

extension Experiment {
  /// The stream that all others of the run descend from.
  private var random: RandomStream { RandomStream(seed: scenario.seed) }

  /// The meta-parameters before the first round.
  public func initialParameters() -> [Float] {
    var stream = random.child("initial-parameters")
    let theta = layout.network.initialParameters(
      Initialiser(scenario.model.initialiser), using: &stream)
    return scenario.algorithm.initialParameters(from: theta, for: network)
  }

  /// What the model that knows only its support set starts from, in one judging episode.
  func freshParameters(hospital: String, shots: Int, episode: Int) -> [Float] {
    var stream = random.child("fresh-parameters").child(hospital).child("shots", shots)
      .child("episode", episode)
    return network.initialParameters(Initialiser(scenario.model.initialiser), using: &stream)
  }

  /// What the reference that is trained on all patients together starts from.
  func pooledStart() -> [Float] {
    var stream = random.child("pooled-parameters")
    return network.initialParameters(Initialiser(scenario.model.initialiser), using: &stream)
  }

  /// The stream of the order in which it meets patients.
  var pooledStream: RandomStream { random.child("pooled-batches") }

  /// The stream that decides who takes part in a round.
  func participationStream(round: Int) -> RandomStream {
    random.child("participation", round)
  }

  /// The stream of one training episode.
  func trainingStream(hospital: String, round: Int, episode: Int) -> RandomStream {
    random.child("training").child(hospital).child("round", round).child("episode", episode)
  }

  /// The stream of the mini-batches that a hospital trains on in a round.
  func batchStream(hospital: String, round: Int) -> RandomStream {
    random.child("batches").child(hospital).child("round", round)
  }

  /// The stream of one judging episode: the same in every evaluation, so that they compare.
  func judgingStream(hospital: String, shots: Int, episode: Int) -> RandomStream {
    random.child("judging").child(hospital).child("shots", shots).child("episode", episode)
  }

  /// The stream that shuffles features in one judging episode, to tell on which the model relies.
  func shufflingStream(hospital: String, episode: Int) -> RandomStream {
    random.child("shuffling").child(hospital).child("episode", episode)
  }

  /// The stream of what takes how long, and of who is there when.
  var timeStream: RandomStream { random.child("time") }

  /// The stream of what a hostile hospital makes up in a round.
  func attackStream(hospital: String, round: Int) -> RandomStream {
    random.child("attack").child(hospital).child("round", round)
  }

  /// The stream that a source of patients draws from.
  var cohortStream: RandomStream { random.child("cohorts") }
}
