import Tensors

// The patients of the synthetic clinic beyond those who come anyway: from whom a skew chooses while it acts.

extension Heterogeneity {
  /// How many synthetic patients are made while these rules hold: the most that can be wanted, and so
  /// many times that as selection by class needs to find them.
  func reserve(of clinic: SyntheticClinic, at hospital: String, under held: Held) -> Int {
    var (count, times) = (clinic.size(of: hospital), 1)
    for (rule, _) in held {
      switch rule.effect {
      case .quantitySkew(let skew):
        count = max(
          count,
          skew.size(of: hospital, having: count, mayGrow: true, strength: 1, random: rule.random))
      case .labelSkew(let skew):
        let aim = skew.share(at: hospital, natural: clinic.prevalence, random: rule.random)
        guard aim != nil else { continue }
        let rarer = min(clinic.prevalence, 1 - clinic.prevalence)
        times = max(times, min(20, Int((1.5 / rarer).rounded(.up))))
      case .caseMix, .conceptShift, .record: break
      }
    }
    return count * times
  }

  /// The cohort with the split that rules and the hospital `decide`.
  ///
  /// The residents, its first patients, are divided as if nobody else came.
  func split(
    _ cohort: Cohort, residents: Int?, under held: Held, decide: (Cohort) -> Cohort
  ) -> Cohort {
    guard let residents, residents < cohort.outcomes.count else {
      return decide(ordered(cohort, under: held))
    }
    let own = decide(ordered(cohort.keeping(Array(0..<residents)), under: held))
    guard let kept = own.keptForJudging else { return cohort }
    var whole = cohort
    whole.keptForJudging = PatientSplit.continued(kept, to: cohort.outcomes.count)
    guard own.isOrdered else { return whole }
    whole.isOrdered = true
    return whole.inOrderOfJudging
  }

  /// The cohort in the order of time, where a rule says so.
  private func ordered(_ cohort: Cohort, under held: Held) -> Cohort {
    held.reduce(cohort) { cohort, held in
      guard case .record(let rule as TemporalSplit) = held.rule.effect else { return cohort }
      return rule.applied(to: cohort, strength: 1, random: held.rule.random)
    }
  }

  /// As many patients as the hospital is to have, the same ones first however many: residents by lot, and
  /// then others as they come.
  func cut(
    _ cohort: Cohort, from source: Source, under held: Held, random: RandomStream
  ) -> Cohort {
    let people = cohort.people
    let residents = source.residents
    var size = residents ?? people.count
    for (rule, strength) in held {
      guard case .quantitySkew(let skew) = rule.effect else { continue }
      size = skew.size(
        of: cohort.hospital, having: size, mayGrow: residents != nil, strength: strength,
        random: rule.random)
    }
    guard size < people.count else { return cohort }
    let ranks = (0..<people.count).map { patient -> (place: Int, lot: UInt64) in
      let number = cohort.number(ofPatientAt: people.firstRow(of: patient))
      if let residents, number >= residents { return (1 + number, 0) }
      var draw = random.patient(number, of: cohort.hospital)
      return (0, draw.next())
    }
    let order = ranks.indices.sorted { ranks[$0] < ranks[$1] }
    return cohort.keeping(people.rows(of: order.prefix(size)))
  }
}

extension PatientSplit {
  /// Who of `count` patients is kept for judging, where the first of them are divided like this: a further one
  /// is where their share would else fall short among all up to it.
  fileprivate static func continued(_ kept: [Bool], to count: Int) -> [Bool] {
    let share = Double(kept.count { $0 }) / Double(max(1, kept.count))
    return kept
      + (kept.count..<count).map { Int(share * Double($0 + 1)) > Int(share * Double($0)) }
  }
}

extension Cohort {
  /// Those whom one may adapt on before those who are judged.
  fileprivate var inOrderOfJudging: Cohort {
    guard let kept = keptForJudging else { return self }
    return keeping(kept.indices.filter { !kept[$0] } + kept.indices.filter { kept[$0] })
  }
}
