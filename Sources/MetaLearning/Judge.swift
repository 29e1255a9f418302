public import Cohorts
public import Models
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// What kind of outcome is predicted.
public enum OutcomeKind: String, Codable, CaseIterable, Sendable {
  /// One of the classes that the network tells apart, numbered from 0.
  case classification
  /// A number.
  case regression
}

/// Judges contenders on the query set of an episode, after they have seen its support set.
///
/// Two classes are judged by the log odds of class 1, more by a score for each; both come straight from the
/// logits, so that no log loss is clipped. A network trained with mean squared error has no logits, and its output is
/// taken as a probability kept within 1e-6 of 0 and 1. Numbers are judged by their squared error alone, in
/// the data set's own units where the episode counts outcomes in others. Where there are doses to choose from,
/// each contender recommends the one with the best predicted outcome and is judged by its regret, too:
/// one that predicts all doses alike, such as a constant, draws by lot, and an intercept leaves the choice of
/// the model before adaptation as it is.
///
/// One instance serves one thread at a time.
public final class Judge {
  /// What kind of outcome is predicted.
  public let kind: OutcomeKind
  /// How the contender `supportAlone` is trained.
  public let alone: InnerLoop
  /// Who is compared, in the order of the results.
  public let contenders: [Contender]
  /// How the contenders `validated` divide a support set.
  public let division: SupportDivision

  /// The spread of the prior of a fitted intercept.
  public let interceptSpread: Double

  let adaptation: Adaptation
  let adapter: any Adapter

  /// A judge of a network with the outputs that the kind of outcome asks for.
  ///
  /// - Parameters:
  ///   - network: What is trained on the support set alone, and what decides the form of outcomes.
  ///   - kind: What kind of outcome is predicted.
  ///   - adapter: How the contenders `adapted` adapt.
  ///   - alone: How the contender `supportAlone` is trained.
  ///   - contenders: Who is compared.
  ///   - division: How the contenders `validated` divide a support set.
  ///   - interceptSpread: The spread of the prior of a fitted intercept: in log odds, or in standard
  ///     deviations of the errors.
  /// - Precondition: the network has one output, or two or more with softmax cross-entropy.
  public init(
    network: Network, kind: OutcomeKind, adapter: any Adapter, alone: InnerLoop,
    contenders: [Contender], division: SupportDivision = .parts(2), interceptSpread: Double = 1
  ) {
    precondition(
      network.loss == .softmaxCrossEntropy ? network.outputs > 1 : network.outputs == 1,
      "\(network.outputs) outputs do not predict one outcome")
    precondition(
      kind == .classification || network.loss == .meanSquaredError,
      "numbers are predicted with mean squared error, not with \(network.loss)")
    self.kind = kind
    self.adapter = adapter
    self.alone = alone
    self.contenders = contenders
    self.division = division
    self.interceptSpread = interceptSpread
    adaptation = Adaptation(network: network)
  }

  /// What was counted for each contender, in order.
  ///
  /// - Parameters:
  ///   - episode: What is adapted on, and what is judged on.
  ///   - parameters: The meta-parameters.
  ///   - fresh: The initial parameters of the contender `supportAlone`.
  ///   - personal: The parameters of the contender `personal`; `nil` where the hospital keeps none.
  ///   - pooled: Those of the contender `pooled`; `nil` where there are none.
  /// - Returns: One element a contender. That of `bestReachable` has judged nothing where the episode
  ///   does not know the true risks, and that of `personal` where there is no such model.
  public func results(
    of episode: Episode, at parameters: [Float], fresh: [Float], personal: [Float]? = nil,
    pooled: [Float]? = nil
  ) -> [Tally] {
    let query = episode.query
    var episode = episode
    episode.query = query.withAlternatives
    let prepared = PreparedEpisode(episode, for: adaptation.network)
    let adapted = adaptedPredictions(of: prepared, at: parameters)
    let validated = validatedTallies(of: episode, at: parameters)
    return contenders.map { contender in
      if case .validated(let steps) = contender {
        return (validated[steps] ?? Tally()).counted(inUnitsOf: episode.outcomeUnit)
      }
      let predictions: Predictions? =
        switch contender {
        case .supportConstant: constant(of: episode)
        case .supportAlone: trainedAlone(on: prepared, from: fresh)
        case .lastValue: lastValue(of: episode)
        case .supportLinear: linear(of: episode)
        case .bestReachable: episode.query.trueRisks.map(predictions(ofTruth:))
        case .adapted(let steps): adapted[steps]
        case .intercept: shifted(prepared, episode, at: parameters)
        case .personal: unchanged(personal, on: prepared)
        case .pooled: unchanged(pooled, on: prepared)
        case .validated, .fixedDose: nil
        }
      return (predictions?.tally(against: query) ?? unpredicted(contender, query))
        .counted(inUnitsOf: episode.outcomeUnit)
    }
  }
}

// MARK: Contenders

extension Judge {
  /// What is counted of a contender without predictions.
  private func unpredicted(_ contender: Contender, _ query: Examples) -> Tally {
    guard case .fixedDose = contender, let choice = query.choice else { return Tally() }
    return Tally().counting(choice.judgedForAll)
  }

  /// The shares of the classes in the support set with one patient of each class added, so that none is
  /// 0; or the mean of the support set.
  private func constant(of episode: Episode) -> Predictions {
    let (support, query) = (episode.support.outcomes, episode.query.count)
    let sum = support.reduce(0.0) { $0 + Double($1) }
    return switch kind {
    case .classification where classes > 2:
      .scores(ClassScores(sharesOf: support, classes: classes, repeated: query))
    case .classification:
      .probabilities(Array(repeating: (sum + 1) / Double(support.count + 2), count: query))
    case .regression: .numbers(Array(repeating: sum / Double(support.count), count: query))
    }
  }

  private func trainedAlone(on episode: PreparedEpisode, from fresh: [Float]) -> Predictions {
    let trained = adaptation.adapted(
      fresh, to: episode.support, steps: alone.steps, rate: alone.rate)
    return predictions(of: episode.query, at: trained)
  }

  private func unchanged(_ model: [Float]?, on episode: PreparedEpisode) -> Predictions? {
    guard let model else { return nil }
    return predictions(of: episode.query, at: model)
  }

  private func lastValue(of episode: Episode) -> Predictions? {
    guard kind == .regression, let last = episode.support.outcomes.last else { return nil }
    let all = episode.query.persistence ?? Array(repeating: last, count: episode.query.count)
    return .numbers(all.map { Double($0) })
  }

  private var classes: Int { adaptation.network.classes }

  /// A linear model knows nothing of codes: it sees a column of 0 and 1 for each.
  private func linear(of episode: Episode) -> Predictions {
    let categories = adaptation.network.categories
    let inputs = { (inputs: Matrix) in categories?.spelledOut(inputs) ?? inputs }
    var support = episode.support
    support.inputs = inputs(support.inputs)
    if kind == .classification, classes > 2 {
      let model = OneAgainstRest(of: support, classes: classes)
      return .scores(model.scores(of: inputs(episode.query.inputs)))
    }
    let model = LinearModel(of: support, kind: kind)
    let scores = model.scores(of: inputs(episode.query.inputs))
    return kind == .classification ? .logOdds(scores) : .numbers(scores)
  }

  /// The model for all, moved by what its predictions lack on the support set.
  private func shifted(
    _ prepared: PreparedEpisode, _ episode: Episode, at parameters: [Float]
  ) -> Predictions? {
    let support = adapter.outputs(
      of: prepared.support, after: [0], on: prepared.support, at: parameters)
    let query = adapter.outputs(
      of: prepared.query, after: [0], on: prepared.support, at: parameters)
    guard let support = support.first, let query = query.first else { return nil }
    return predictions(from: query).shifted(
      by: predictions(from: support), against: episode.support.outcomes, spread: interceptSpread)
  }

  private func predictions(ofTruth risks: [Double]) -> Predictions {
    kind == .classification ? .probabilities(risks) : .numbers(risks)
  }

  /// The predictions after every number of steps that a contender asks for, in one adaptation.
  private func adaptedPredictions(
    of episode: PreparedEpisode, at parameters: [Float]
  ) -> [Int: Predictions] {
    let steps = adaptationSteps
    let outputs = adapter.outputs(
      of: episode.query, after: steps, on: episode.support, at: parameters)
    return Dictionary(uniqueKeysWithValues: zip(steps, outputs.map(predictions(from:))))
  }

  private var adaptationSteps: [Int] {
    let steps = contenders.compactMap { contender in
      if case .adapted(let steps) = contender { steps } else { nil }
    }
    return Set(steps).sorted()
  }
}

// MARK: Predictions of a network

extension Judge {
  private func predictions(of query: PreparedExamples, at parameters: [Float]) -> Predictions {
    predictions(from: adaptation.outputs(at: parameters, of: query))
  }

  func predictions(from outputs: Matrix) -> Predictions {
    Predictions(from: outputs, kind, adaptation.network.loss)
  }
}
