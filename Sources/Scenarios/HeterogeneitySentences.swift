extension HeterogeneityRulePlan {
  /// The kind of rule, as scenarios call it.
  public var kind: String { effect.kind.rawValue }

  /// What the rule does, in a sentence with the scenario's numbers.
  public var sentence: String { "\(effect.sentence)\(place)\(time)." }

  /// The same as a formula; s is the strength of the rule in the round.
  public var formula: String { effect.formula }

  private var place: String {
    guard let hospitals else { return "" }
    let names = hospitals.prefix(4).joined(separator: ", ")
    return hospitals.count > 4 ? ", at \(names) and \(hospitals.count - 4) more" : ", at \(names)"
  }

  private var time: String {
    let start =
      fromTime.map { ", from the first round after \($0.short)s" }
      ?? fromRound.map { ", from round \($0)" } ?? ""
    let slope = over > 1 ? " over \(over) rounds" : ""
    let end =
      rounds.map { ", for \(counted($0, "round"))" }
      ?? untilRound.map { ", until round \($0)" } ?? ""
    return start + slope + end
  }
}

extension HeterogeneityRulePlan.Effect {
  /// What it does, without an end.
  var sentence: String {
    switch self {
    case .labelSkew(let plan): plan.sentence
    case .quantitySkew(let plan): plan.sentence
    case .caseMix(let plan):
      "Other patients come: means differ by \(plan.shift.short) and log spreads by"
        + " \(plan.scale.short) standard deviations, turned by \(plan.rotation.short)°"
        + phrase(plan.clusters)
    case .conceptShift(let plan):
      "Features act differently: coefficients differ by \(plan.spread.short)"
        + phrase(plan.clusters)
    case .measurement(let plan): plan.sentence
    case .missingFeatures(let plan): plan.sentence
    case .labelNoise(let plan):
      "Outcomes are written down wrongly (\(plan.kind.rawValue)): \(plan.rate.phrase)"
    case .temporalSplit: "Patients are adapted on before they are judged by"
    }
  }

  fileprivate var formula: String {
    switch self {
    case .labelSkew(.dirichlet):
      "p_h ~ Dirichlet(α q_h), shares of all classes; p = q_h + s (p_h − q_h)"
    case .labelSkew(.classes):
      "p_h = 0 but for the classes drawn by lot, q_h in proportion for these; p = q_h + s (p_h − q_h)"
    case .labelSkew(.prevalence): "p = q_h + s (p_h − q_h), p_h as given"
    case .quantitySkew(.logNormal):
      "m_h = n_h exp(σ z_h − σ²/2), real ones n_h exp(σ z_h); size = n_h^(1 − s) m_h^s, real ones n_h at most"
    case .quantitySkew(.zipf):
      "m_h = n_h N rank_h^(−zipf) / Σ k^(−zipf), real ones n_h rank_h^(−zipf); size = n_h^(1 − s) m_h^s"
    case .quantitySkew(.counts):
      "size = n_h^(1 − s) m_h^s, m_h as given, real ones n_h at most"
    case .caseMix: "u′ = R(s rotation ζ_g) (exp(s scale z_gj) u_j) + s shift z′_gj"
    case .conceptShift: "β′_hj = β_hj + s spread z_gj"
    case .measurement:
      "x′ = x (factor exp(factor-spread z_hj))^s + s (offset + offset-spread sd z′_hj), rounded"
    case .missingFeatures: "P(missing) = s / (1 + exp(−(logit share + by-value t)))"
    case .labelNoise: "P(turned) = s rate; risk′ = r (1 − ρ1) + (1 − r) ρ0"
    case .temporalSplit: "number of every support patient < number of every query patient"
    }
  }

  private func phrase(_ clusters: Int?) -> String {
    clusters.map { ", in \(counted($0, "cluster")) of hospitals that agree" } ?? ""
  }
}

extension LabelSkewPlan {
  /// What the skew does, without an end.
  var sentence: String {
    switch self {
    case .dirichlet(let alpha):
      "Classes come in shares drawn from a Dirichlet distribution of concentration \(alpha.short)"
    case .classes(let count): "A hospital sees \(count) of the classes"
    case .prevalence(let shares): "Class 1 comes in the share that is asked for: \(shares.phrase)"
    }
  }
}

extension QuantitySkewPlan {
  /// What the skew does, without an end.
  var sentence: String {
    switch self {
    case .logNormal(let sigma): "Hospitals differ in size, log-normally with σ = \(sigma.short)"
    case .zipf(let exponent):
      "Hospitals differ in size, by the power \(exponent.short) of their rank"
    case .counts(let counts):
      "\(counted(counts.count, "hospital")) \(counts.count == 1 ? "has" : "have") as many patients as is asked for"
    }
  }
}

extension MeasurementPlan {
  fileprivate var sentence: String {
    var parts: [String] = []
    if factor != 1 { parts.append("multiplied by \(factor.short)") }
    if factorSpread > 0 {
      parts.append("multiplied by log-normal factors of σ = \(factorSpread.short)")
    }
    if offset != 0 { parts.append("shifted by \(offset.short)") }
    if offsetSpread > 0 {
      parts.append("shifted by \(offsetSpread.short) standard deviations or so")
    }
    if rounding > 0 { parts.append("rounded to \(rounding.short)") }
    if codes { parts.append("written in codes of each hospital's own") }
    let subject = features.map { $0.joined(separator: ", ") } ?? "all features"
    return "Of what is measured, \(subject): "
      + (parts.isEmpty ? "nothing changed" : parts.joined(separator: ", "))
  }
}

extension MissingFeaturesPlan {
  fileprivate var sentence: String {
    var parts: [String] = []
    if share > 0 {
      let law = byValue == 0 ? "at random" : "by \(byValue.short) log odds per standard deviation"
      parts.append(
        "\(features.map { $0.joined(separator: ", ") } ?? "any feature") in a share of"
          + " \(share.short) \(law)")
    }
    if columns > 0 {
      parts.append("a share of \(columns.short) of features everywhere at a hospital")
    }
    if !never.isEmpty { parts.append("\(never.joined(separator: ", ")) always") }
    return "Missing: " + (parts.isEmpty ? "nothing" : parts.joined(separator: "; "))
      + (indicator ? "; indicated to the model" : "")
  }
}

extension PerHospital<Double> {
  fileprivate var phrase: String {
    switch self {
    case .same(let number): number.short
    case .named(let numbers):
      numbers.sorted { $0.key < $1.key }.prefix(4).map { "\($0.key) \($0.value.short)" }
        .joined(separator: ", ") + (numbers.count > 4 ? " and \(numbers.count - 4) more" : "")
    }
  }
}
