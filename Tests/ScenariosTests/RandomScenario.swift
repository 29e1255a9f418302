import Scenarios

/// The SplitMix64 generator (Steele, Lea and Flood 2014): a seed makes a scenario, always the same.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Draws scenarios that the reader accepts, of every source, algorithm and optimiser.
struct RandomScenario {
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  mutating func scenario() -> Scenario {
    let cohorts = self.cohorts()
    let time = self.time(Array(cohorts.hospitals))
    let kind: TaskPlan.Kind = cohorts.source.isRegression ? .regression : .classification
    let support = whole(1...20)
    let federation = federation(of: cohorts)
    let isPlain =
      federation.policy == .synchronous && federation.late == nil
      && federation.participationBy != .patients
    var rules = RandomRules(seed: random.next())
    let model = model(kind, of: cohorts.source)
    let regions = isPlain ? regions(of: Array(cohorts.hospitals)) : []
    var algorithms = RandomAlgorithm(seed: random.next())
    let algorithm = algorithms.plan { name in
      name.suits(kind, model) && name.suits(federation, hasRegions: !regions.isEmpty)
    }
    let evaluation = evaluation(of: cohorts)
    let timeline = timeline(of: cohorts, rounds: federation.rounds)
    // A hospital of a few patients can only say something if it may speak of one.
    let mostPatients =
      cohorts.source.isOfRecords && cohorts.by == .hospital ? 1 : evaluation.shots[0]
    var scenario = Scenario(
      name: pick(["default", "a", "0", "two-sites-7"]),
      summary: pick(["Plain.", "With \"quotes\", a \\ and: a # colon.", "- list?", "été 🫀", "null"]
      ),
      seed: random.next() >> UInt64(whole(0...63)), cohorts: cohorts,
      task: TaskPlan(kind: kind, support: support, query: whole(1...20)),
      model: model, algorithm: cohorts.source.hasPatients ? algorithm : algorithm.unweighted,
      federation: federation,
      privacy: PrivacyPlan(minimumPatients: whole(1...mostPatients)),
      evaluation: evaluation, regions: regions,
      heterogeneity: rules.rules(for: cohorts, rounds: federation.rounds), time: time,
      timeline: timeline, faults: faults(of: cohorts, in: regions, beside: timeline))
    scenario.keepQuorumAtStart()
    return scenario
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private mutating func whole(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  /// Numbers with all their digits, and round ones.
  private mutating func number(_ range: ClosedRange<Double>) -> Double {
    let number = Double.random(in: range, using: &random)
    return pick([number, min(range.upperBound, max(range.lowerBound, number.rounded()))])
  }

  private mutating func fraction() -> Double {
    pick([Double.random(in: 0.01...0.99, using: &random), 0.5, 0.25, 1e-5])
  }

  private mutating func interval(_ limits: ClosedRange<Double>) -> ClosedRange<Double> {
    let (one, other) = (number(limits), number(limits))
    return min(one, other)...max(one, other)
  }
}

extension RandomScenario {
  private mutating func cohorts() -> CohortPlan {
    let source = self.source()
    let hospitals = self.hospitals(of: source)
    let count = whole(0...(hospitals.count - 1))
    let named = HeldOutPlan.named(Array(hospitals.shuffled(using: &random).prefix(count)))
    let isSinusoid = if case .sinusoid = source { true } else { false }
    let hasSplit = isSinusoid || source == .heartDisease
    let partition =
      source.isOfRecords
      ? self.partition(of: source, to: hospitals) : isSinusoid ? nil : self.partition(of: source)
    return CohortPlan(
      source: source, hospitals: HospitalList(hospitals), heldOut: pick([.count(count), named]),
      standardisation: isSinusoid ? .none : pick(Standardisation.allCases),
      testShare: hasSplit ? 0.3 : pick([0.3, 0.2, 0.123456789]), partition: partition,
      by: unit(of: source, partition))
  }

  /// What a task is; a pool may be one of conditions, whatever its hospitals are called.
  private mutating func unit(of source: CohortSourcePlan, _ partition: PartitionPlan?) -> TaskUnit {
    if source.isOfRecords { return partition == nil ? .patient : .hospital }
    guard case .strokeTrial = source, partition != nil else { return .hospital }
    return pick([.hospital, .condition])
  }

  /// Hospitals of three patients or more, each with many records.
  private mutating func partition(
    of source: CohortSourcePlan, to hospitals: [String]
  ) -> PartitionPlan? {
    var patients = hospitals.flatMap { _ in ["a", "b", "c"] }.enumerated().map { "\($1)\($0)" }
    if case .published(let plan) = source { patients = plan.dataSet.hospitals ?? [] }
    let shares = hospitals.enumerated().map { number, hospital in
      (hospital, Array(patients[(3 * number)..<(3 * number + 3)]))
    }
    return pick([
      nil, .regrouped(merge: Dictionary(uniqueKeysWithValues: shares), split: [:]),
      .pooled(
        PooledPlan(
          from: patients,
          quantitySkew: pick([nil, .logNormal(number(0...5)), .zipf(number(0...10))]))),
    ])
  }

  private mutating func partition(of source: CohortSourcePlan) -> PartitionPlan? {
    let skews = [nil, LabelSkewPlan.dirichlet(fraction()), .classes(1)]
    let beside = PartitionPlan.regrouped(
      merge: [:], split: [:], beside: ["all": ["cleveland", "va"], "a": ["hungarian"]])
    return pick([
      nil, source == .heartDisease ? beside : nil,
      .pooled(
        PooledPlan(
          labelSkew: source.isRegression ? nil : pick(skews),
          quantitySkew: pick([nil, .logNormal(number(0...5)), .zipf(number(0...10))]))),
    ])
  }

  private mutating func source() -> CohortSourcePlan {
    let outcome = pick(SyntheticPlan.Outcome.allCases)
    let synthetic = SyntheticPlan(
      patients: whole(100...5000), features: whole(1...13), outcome: outcome,
      caseMix: number(0...10), effectSpread: number(0...10),
      prevalence: outcome == .diagnosis ? fraction() : 0.3)
    let sinusoid = SinusoidPlan(
      amplitude: interval(0...1000), phase: interval(-1000...1000),
      frequency: interval(0...1000), inputs: interval(-1000...1000),
      points: pick(SinusoidPlan.Points.allCases))
    let doses = DosesPlan(
      records: whole(100...5000), doses: whole(2...101), spread: number(0...3),
      noise: number(0...10))
    let tenClasses = TenClassesPlan(
      alpha: number(0...10), beta: number(0...10), sizeFactor: whole(1...100),
      seed: UInt32(whole(0...4_294_967_295)))
    return pick([
      .synthetic(synthetic), .heartDisease, .strokeTrial, .sinusoid(sinusoid), .doses(doses),
      .tenClasses(tenClasses), published(),
    ])
  }

  private mutating func published() -> CohortSourcePlan {
    let dataSet = pick(PublishedPlan.DataSet.allCases)
    let outcome: PublishedPlan.Outcome? =
      switch dataSet {
      case .parkinsons: pick([.motorUPDRS, .totalUPDRS])
      case .intensiveCare: pick([.longStay, .death])
      case .glucose, .rhDNase, .cirrhosis, .remifentanil: nil
      }
    return .published(
      PublishedPlan(
        dataSet, outcome: outcome,
        horizon: dataSet == .glucose ? pick(PublishedPlan.Horizon.allCases) : nil))
  }

  private mutating func hospitals(of source: CohortSourcePlan) -> [String] {
    let count = whole(1...12)
    switch source {
    case .heartDisease: return ["cleveland", "hungarian", "switzerland", "va"]
    case .strokeTrial: return (1...count).map { "\($0 * 7)" }
    case .published(let plan): return plan.dataSet.some(count)
    case .synthetic, .sinusoid, .doses, .tenClasses:
      let odd = ["no", "null", "true", "1.5", "Île-de-France", "a: b", "#1", "\"q\"", "St. Mary's"]
      return pick([(1...count).map { "h\($0)" }, odd, ["~"], ["h2", "h1"]])
    }
  }
}

extension RandomScenario {
  private mutating func time(_ hospitals: [String]) -> TimePlan? {
    guard whole(0...2) > 0 else { return nil }
    return TimePlan(
      compute: pick([.measured, .seconds(0), .seconds(0.0123456789), .seconds(3600)]),
      computeSpread: number(0...10),
      speed: HospitalSetting(fraction(), named: some(hospitals, 2.5)),
      speedSpread: pick([0, fraction()]),
      latency: HospitalSetting(pick([0, 0.0005, 1.25]), named: some(hospitals, 0.25)),
      up: HospitalSetting(pick([nil, 1e6, 123.456]), named: some(hospitals, nil)),
      down: HospitalSetting(nil, named: some(hospitals, 1e9)), availability: availability(hospitals)
    )
  }

  private mutating func availability(_ hospitals: [String]) -> AvailabilityPlan {
    let day = DayNightPlan(
      from: pick([22, 8.5]), until: pick([6, 18]),
      zone: HospitalSetting(pick([nil, -3]), named: some(hospitals, 5.5)))
    return pick([
      .always, .markov(on: fraction() + 1, off: 60), .dayNight(day),
      .intervals(some(hospitals, [0...1.5, 2...3])),
    ])
  }

  /// The same setting for some of the hospitals.
  private mutating func some<Value>(_ hospitals: [String], _ value: Value) -> [String: Value] {
    let chosen = hospitals.shuffled(using: &random).prefix(whole(0...2))
    return Dictionary(uniqueKeysWithValues: chosen.map { ($0, value) })
  }
}

extension RandomScenario {
  /// Dense layers, some with layers of other kinds before or after them.
  private mutating func layers(of source: CohortSourcePlan) -> [ModelPlan.Layer] {
    first(of: source)
      + (0..<whole(0...3)).flatMap { _ -> [ModelPlan.Layer] in
        let dense = self.dense(whole(1...300))
        return pick([[dense], [dense], [.normalisation, dense], residual(whole(1...50)) + [dense]])
      }
  }

  /// Layers that only some sources have use for: of categories, or of readings over time.
  private mutating func first(of source: CohortSourcePlan) -> [ModelPlan.Layer] {
    let names = source.categories.map(\.name)
    if !names.isEmpty {
      let some = Array(names.shuffled(using: &random).prefix(whole(1...3)))
      return pick([[], [.embedding(width: whole(1...9), features: pick([nil, some]))]])
    }
    guard source.hasReadings else { return [] }
    let all = [sequence(), .gru(units: whole(1...9), states: .all)].shuffled(using: &random)
    return Array(all.prefix(whole(0...2))) + pick([[], [.gru(units: whole(1...9), states: .last)]])
  }

  private mutating func sequence() -> ModelPlan.Layer {
    .convolution(
      ModelPlan.Convolution(
        channels: whole(1...9), width: whole(1...4),
        activation: pick(ModelPlan.Activation.allCases),
        pool: pick([.max, .mean]), window: whole(1...4)))
  }

  private mutating func dense(_ units: Int) -> ModelPlan.Layer {
    .dense(units: units, activation: pick(ModelPlan.Activation.allCases))
  }

  private mutating func residual(_ units: Int) -> [ModelPlan.Layer] {
    [dense(units), .residual([.normalisation, dense(whole(1...9)), dense(units)])]
  }

  private mutating func model(_ kind: TaskPlan.Kind, of source: CohortSourcePlan) -> ModelPlan {
    let losses = source.hasTwoClasses ? ModelPlan.Loss.allCases : [.softmaxCrossEntropy]
    return ModelPlan(
      layers: layers(of: source), loss: kind == .regression ? .meanSquaredError : pick(losses),
      l2: pick([0, fraction()]), initialiser: pick(ModelPlan.Initialiser.allCases))
  }

  private mutating func inner(_ steps: ClosedRange<Int>) -> InnerPlan {
    InnerPlan(steps: whole(steps), rate: pick([0, fraction(), 1]))
  }

  private mutating func federation(of cohorts: CohortPlan) -> FederationPlan {
    let training = cohorts.training
    let policy = self.policy(training: training)
    var participation = pick([1, 0.5, fraction()])
    var answers = max(1, Int((Double(training) * participation).rounded()))
    if case .overSelection = policy {
      (participation, answers) = (0.5, max(1, Int((Double(training) * 0.5).rounded())))
    }
    if case .buffered(let plan) = policy { (participation, answers) = (1, plan.size) }
    var plan = FederationPlan(
      rounds: whole(1...100_000), episodesPerRound: whole(1...64), participation: participation,
      deadline: pick([30, 0.001, 0.5, 86_400, fraction() + 1]), quorum: whole(1...answers),
      assembly: pick([30, 2.75]), policy: policy, late: pick([nil, .drop, .use]))
    if plan.isBuffered || plan.late == .use {
      plan.staleness = StalenessPlan(exponent: pick([0.5, 0, fraction()]), limit: whole(0...99))
    }
    let hasPatients = if case .sinusoid = cohorts.source { false } else { true }
    let choices: [ParticipationPlan] =
      [.uniform] + (plan.isBuffered ? [] : [.available]) + (hasPatients ? [.patients] : [])
    plan.participationBy = pick(choices)
    return plan
  }

  private mutating func policy(training: Int) -> RoundPolicyPlan {
    let buffer = BufferPlan(size: whole(1...training), concurrency: whole(1...training))
    guard training > 1 else { return pick([.synchronous, .buffered(buffer)]) }
    return pick([.synchronous, .overSelection(factor: pick([2, 2.5, 10])), .buffered(buffer)])
  }

  private mutating func evaluation(of cohorts: CohortPlan) -> EvaluationPlan {
    let pooled = PooledTrainingPlan(
      steps: whole(0...9999), batch: whole(1...99), rate: pick([0, fraction()]))
    let shots = Array(Set([whole(1...9), whole(1...60)])).sorted()
    let steps = Array(Set((0...whole(0...5)).map { _ in whole(0...50) })).sorted()
    return EvaluationPlan(
      every: whole(0...50), shots: shots, steps: steps,
      episodes: whole(1...40), alone: inner(0...500),
      hospitals: pick([nil, whole(1...cohorts.hospitals.count)]),
      validation: shots[0] > 1 ? pick([0, whole(2...shots[0])]) : 0,
      pooled: cohorts.source.hasPatients ? pick([nil, pooled]) : nil,
      interceptSpread: pick([1, fraction()]),
      explain: cohorts.source.isOfTenClasses ? false : pick([false, steps != [0]]))
  }
}

extension RandomScenario {
  /// Some of the hospitals in regions, some of which stand below each other.
  private mutating func regions(of hospitals: [String]) -> [RegionPlan] {
    let named = Array(hospitals.shuffled(using: &random).prefix(whole(0...hospitals.count)))
    guard named.count > 1 else {
      return named.isEmpty ? [] : pick([[], [leaf("only", named[...])]])
    }
    let cut = whole(1...named.count - 1)
    let (first, second) = (leaf("north", named[..<cut]), leaf("7-b", named[cut...]))
    return pick([
      [first, second],
      [RegionPlan(name: "whole", regions: [first, RegionPlan(name: "part", regions: [second])])],
    ])
  }

  private func leaf(_ name: String, _ hospitals: ArraySlice<String>) -> RegionPlan {
    RegionPlan(name: name, hospitals: Array(hospitals))
  }

  private mutating func timeline(of cohorts: CohortPlan, rounds: Int) -> [TimelineEntry] {
    guard whole(0...2) > 0 else { return [] }
    let group = Array(cohorts.hospitals.shuffled(using: &random).prefix(whole(1...3)))
    let moments: [TimelineEntry.Moment] = pick([
      [.round(1), .round(rounds)], [.time(0.25), .time(3600)],
    ])
    let (one, other): (ActPlan.Plain, ActPlan.Plain) = pick([
      (.kill, .start), (.pause, .resume), (.cut, .reconnect), (.join, .leave),
      (.calm, .kill),
    ])
    let plain = zip(moments, [one, other]).map {
      TimelineEntry(moment: $0, act: .plain($1), hospitals: group)
    }
    let lasting = TimelineEntry(
      moment: .round(whole(1...rounds)), act: lastingAct(), hospitals: group,
      rounds: pick([nil, whole(1...9)]))
    let hostile = AttackPlan(kind: .scaling, strength: 1 + fraction())
    let timed = TimelineEntry(
      moment: .time(pick([0.5, 90])),
      act: pick([.slow(factor: 1 + fraction()), .hostile(hostile)]), hospitals: group,
      rounds: pick([nil, whole(1...9)]))
    let restart = TimelineEntry(moment: pick(moments), act: .restart, hospitals: [])
    var rules = RandomRules(seed: random.next())
    let drift = rules.drift(for: cohorts, at: group).map {
      TimelineEntry(
        moment: pick([.round(whole(1...rounds)), .time(7200)]), act: .drift($0), hospitals: group,
        rounds: pick([nil, whole(1...9)]))
    }
    return pick([plain, [lasting], plain + [lasting], [restart] + plain, [lasting, timed]])
      + (drift.map { [$0] } ?? [])
  }

  private mutating func faults(
    of cohorts: CohortPlan, in regions: [RegionPlan], beside timeline: [TimelineEntry]
  ) -> [FaultPlan] {
    let hospitals = Array(cohorts.hospitals)
    var rules = RandomRules(seed: random.next())
    let drift = rules.drift(for: cohorts, at: [hospitals[0]]).map { ActPlan.drift($0) }
    let lasting = lastingAct()
    let acts = [.plain(.kill), lasting, drift].compactMap(\.self).prefix(whole(0...3))
    let faults = acts.map { act in
      var fault = FaultPlan(
        act: act, rate: pick([1, fraction()]), rounds: whole(1...9),
        hospitals: pick([nil, [hospitals[0]], hospitals]))
      if case .drift = act {
        fault.hospitals = pick([[hospitals[0]], hospitals])
      } else if let region = regions.first, whole(0...1) == 0 {
        (fault.hospitals, fault.regions) = (nil, [region.name])
      }
      return fault
    }
    let joins = FaultPlan(
      act: .plain(.join), rate: fraction(), rounds: 1, hospitals: [hospitals[0]])
    let leaves = FaultPlan(act: .plain(.leave), rate: fraction(), rounds: 1)
    let restarts = FaultPlan(act: .restart, rate: fraction(), rounds: 1)
    return pick([[], timeline.isEmpty ? [joins, leaves] : [leaves]])
      + faults.prefix(1) + pick([[], [restarts]]) + faults.dropFirst()
  }

  private mutating func lastingAct() -> ActPlan {
    let kind = pick(DisturbancePlan.Kind.allCases)
    let isLate = kind == .delay || kind == .reorder
    let attack = pick([AttackPlan.Kind.signFlip, .scaling, .noise])
    return pick([
      .slow(factor: 1 + fraction()),
      .disturb(
        DisturbancePlan(kind: kind, probability: pick([1, fraction()]), delay: isLate ? 0.75 : 0)),
      .hostile(AttackPlan(kind: attack, strength: pick([attack.usualStrength ?? 1, fraction()]))),
    ])
  }
}

extension CohortSourcePlan {
  fileprivate var isOfTenClasses: Bool { if case .tenClasses = self { true } else { false } }

  /// Whether features are readings over time.
  fileprivate var hasReadings: Bool {
    guard case .published(let plan) = self else { return false }
    return plan.dataSet == .glucose
  }

  fileprivate var hasTwoClasses: Bool { !isRegression && !isOfTenClasses }

  fileprivate var isRegression: Bool {
    switch self {
    case .synthetic(let plan): plan.outcome == .lengthOfStay
    case .heartDisease, .strokeTrial, .tenClasses: false
    case .sinusoid, .doses: true
    case .published: units == [.patient]
    }
  }

  /// What a task may be in a random scenario.
  fileprivate var units: [TaskUnit] {
    switch self {
    case .synthetic, .heartDisease, .strokeTrial, .sinusoid, .tenClasses: [.hospital]
    case .doses: [.patient]
    case .published(let plan):
      switch plan.dataSet {
      case .parkinsons, .glucose, .remifentanil: [.patient]
      case .intensiveCare, .rhDNase, .cirrhosis: [.hospital]
      }
    }
  }
}

extension CohortPlan {
  fileprivate var training: Int {
    switch heldOut {
    case .count(let count): hospitals.count - count
    case .named(let names): hospitals.count - names.count
    }
  }
}

extension PublishedPlan.DataSet {
  /// Some names of hospitals or patients.
  fileprivate func some(_ count: Int) -> [String] {
    switch self {
    case .parkinsons, .remifentanil: (1...count).map { "p\($0 * 3)" }
    case .glucose: ["HUPA0009P", "HUPA0001P", "HUPA0028P"]
    case .intensiveCare: (1...count).map { "\($0 * 7)" }
    case .rhDNase: (1...count).map { "c\($0 * 4)" }
    case .cirrhosis: ["london", "lyon", "hvidovre"]
    }
  }
}

extension Scenario {
  /// Has nobody join later where fewer than the quorum would be there at the start.
  fileprivate mutating func keepQuorumAtStart() {
    let joiners =
      timeline.filter { $0.act == .plain(.join) }.flatMap(\.hospitals)
      + faults.filter { $0.act == .plain(.join) }.flatMap { $0.hospitals ?? [] }
    let present = trainingHospitals.count { !joiners.contains($0) }
    guard present < federation.quorum else { return }
    timeline.removeAll { $0.act == .plain(.join) }
    faults.removeAll { $0.act == .plain(.join) }
  }
}
