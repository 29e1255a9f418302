import Cohorts

extension Judge {
  /// What was counted within the support set, for each number of steps that is validated.
  func validatedTallies(of episode: Episode, at parameters: [Float]) -> [Int: Tally] {
    let steps = validatedSteps
    guard !steps.isEmpty else { return [:] }
    var tallies: [Int: Tally] = [:]
    for part in division.divided(episode.support) {
      let prepared = PreparedEpisode(part, for: adaptation.network)
      let outputs = adapter.outputs(
        of: prepared.query, after: steps, on: prepared.support, at: parameters)
      for (steps, outputs) in zip(steps, outputs) {
        let tally = predictions(from: outputs).tally(against: part.query.outcomes)
        tallies[steps] = (tallies[steps] ?? Tally()) + tally
      }
    }
    return tallies
  }

  private var validatedSteps: [Int] {
    let steps = contenders.compactMap { contender in
      if case .validated(let steps) = contender { steps } else { nil }
    }
    return Set(steps).sorted()
  }
}
