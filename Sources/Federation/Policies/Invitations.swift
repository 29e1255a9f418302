import Scenarios
import Tensors

// Who is invited to a round, and who is given work next.

extension Experiment {
  /// Draws who is invited to `round`.
  ///
  /// - Parameters:
  ///   - round: The round, which with the seed decides the draw.
  ///   - present: The training hospitals that are here. Matters where the scenario invites those; if
  ///     they are fewer than the quorum, all are invited, and may come until the deadline.
  ///   - urn: The training hospitals with their patients. Matters where the scenario invites by them.
  /// - Returns: The hospitals invited, in the scenario's order.
  func invited(
    to round: Int, present: @autoclosure () -> HospitalList, urn: @autoclosure () -> Urn
  ) -> [String] {
    var stream = participationStream(round: round)
    let count = scenario.invitedPerRound
    switch scenario.federation.participationBy {
    case .uniform: return sample(count, of: training, using: &stream)
    case .available:
      let present = present()
      guard present.count >= scenario.federation.quorum else { return Array(training) }
      return sample(count, of: present, using: &stream)
    case .patients:
      return urn().sample(count, using: &stream).sorted().map { training[$0] }
    }
  }

  private func sample(
    _ count: Int, of hospitals: HospitalList, using stream: inout RandomStream
  ) -> [String] {
    guard count < hospitals.count else { return Array(hospitals) }
    return stream.sample(count, of: hospitals.count).sorted().map { hospitals[$0] }
  }

  /// Which of the idle hospitals gets piece `number` of a round; `nil` where none may.
  func next(
    of idle: IdleSet, round: Int, number: Int, urn: @autoclosure () -> Urn
  ) -> String? {
    guard idle.count > 0 else { return nil }
    var stream = participationStream(round: round).child("piece", number)
    guard scenario.federation.participationBy == .patients else {
      return idle[stream.integer(below: idle.count)]
    }
    let place = urn().draw(using: &stream) { idle.contains(training[$0]) }
    return place.map { training[$0] }
  }

  /// Whether each hospital is given work to learn at its own time, and so not all of a node at once.
  public var learnsApart: Bool { scenario.federation.isBuffered }

  /// Why hospitals cannot answer together; `nil` where they can.
  ///
  /// A sum over several has one weight and tells no hospital's number of patients.
  public var reasonAgainstRegions: String? {
    let federation = scenario.federation
    if federation.isBuffered { return "policy: buffered weighs each hospital's answer by itself" }
    if federation.late == .use { return "late: use weighs each hospital's answer by itself" }
    if invitesByPatients {
      return "participation-by: patients needs each hospital's number of patients"
    }
    return nil
  }

  /// The answers with which a round is over before all have come; `nil` where it waits for all.
  var answersThatSuffice: Int? {
    if case .overSelection = scenario.federation.policy { scenario.answersPerRound } else { nil }
  }

  /// Whether hospitals have to say how many patients they train with.
  var invitesByPatients: Bool { scenario.federation.participationBy == .patients }

  /// Whether hospitals have to describe themselves before the first round.
  var needsDescription: Bool {
    invitesByPatients || scenario.cohorts.standardisation == .acrossHospitals
  }
}
