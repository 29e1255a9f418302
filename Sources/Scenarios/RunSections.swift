extension ScenarioReader {
  /// Reads `federation`; the quorum is half of the answers that a round takes unless given.
  func federation(_ section: Section, for cohorts: CohortPlan) -> FederationPlan {
    defer { section.close() }
    let rounds = section.take("rounds", as: .count(1...10_000_000)) ?? 1
    let episodes = section.take("episodes-per-round", as: .count(1...100_000), default: 1)
    let participation = section.take("participation", as: .share, default: 1)
    let policy = roundPolicy(section, for: cohorts)
    let late: LatePlan? = section.take(ifPresent: "late", as: .choice)
    var answers = FederationPlan.invited(participation, of: cohorts.trainingCount)
    if case .buffered(let plan) = policy { answers = plan.size }
    return FederationPlan(
      rounds: rounds,
      episodesPerRound: episodes,
      participation: participation,
      deadline: section.take("deadline", as: .duration, default: 30),
      quorum: section.take(
        "quorum", as: .count(1...HospitalRange.limit), default: max(1, (answers + 1) / 2)),
      assembly: section.take("assembly", as: .duration, default: 30),
      policy: policy,
      participationBy: section.take("participation-by", as: .choice, default: .uniform),
      late: late,
      staleness: staleness(section, policy, late))
  }

  /// Reads `privacy`.
  func privacy(_ section: Section) -> PrivacyPlan {
    defer { section.close() }
    return PrivacyPlan(
      minimumPatients: section.take("minimum-patients", as: .count(1...1_000_000), default: 5))
  }

  /// Reads `evaluation`; what is not given follows from the training episodes and the inner loop.
  func evaluation(
    _ section: Section, _ task: TaskPlan, _ algorithm: AlgorithmPlan
  ) -> EvaluationPlan {
    defer { section.close() }
    let alone = section.section("alone")
    defer { alone.close() }
    return EvaluationPlan(
      every: section.take("every", as: .count(0...10_000_000), default: 0),
      shots: section.take("shots", as: .counts(1...100_000), default: [task.support]),
      steps: section.take("steps", as: .counts(0...10_000), default: [0, 1, 5, 10]),
      episodes: section.take("episodes", as: .count(1...100_000), default: 10),
      alone: InnerPlan(
        steps: alone.take("steps", as: .count(0...1_000_000), default: 50),
        rate: alone.take("rate", as: .number(0...1000), default: algorithm.inner.rate)),
      hospitals: section.take(ifPresent: "hospitals", as: .count(1...HospitalRange.limit)),
      validation: section.take("validation", as: .count(0...100), default: 0),
      pooled: pooledTraining(section),
      interceptSpread: section.take("intercept-spread", as: .positive(upTo: 100), default: 1),
      explain: section.take("explain", as: .truth, default: false))
  }

  private func pooledTraining(_ evaluation: Section) -> PooledTrainingPlan? {
    let section = evaluation.section("pooled")
    defer { section.close() }
    let plan = PooledTrainingPlan(
      steps: section.take("steps", as: .count(0...10_000_000), default: 5000),
      batch: section.take("batch", as: .count(1...100_000), default: 16),
      rate: section.take("rate", as: .number(0...1000), default: 0.001))
    return evaluation.gives("pooled") ? plan : nil
  }
}

extension Kind where Value == Double {
  /// A share above zero, to the whole.
  fileprivate static var share: Self { .positive(upTo: 1) }
}

extension Kind where Value == [Int] {
  /// A list of different whole numbers, brought into ascending order.
  fileprivate static func counts(_ range: ClosedRange<Int>) -> Self {
    let list = Kind<[Int]>.list(of: .count(range), atMost: 64)
    return Kind(accepted: list.accepted) { tree, path, findings in
      guard let numbers = list.read(tree, path, findings) else { return nil }
      guard !numbers.isEmpty, Set(numbers).count == numbers.count else {
        findings.report(
          numbers.isEmpty ? "an empty list" : "a number given twice",
          accepted: "at least one number, each once", at: path, place: tree.place)
        return nil
      }
      return numbers.sorted()
    }
  }
}
