import MetaLearning
import Models
import Tensors

/// A way to learn, what it counts as, and how it is run on an episode.
struct Method {
  let name: String
  /// The gradients, Hessian-vector products and losses that its documentation counts.
  let gradients: Int
  let products: Int
  let losses: Int
  /// The context numbers that its network has.
  var context = 0
  /// The gradients and Hessian-vector products of the last layer alone.
  var headGradients = 0, headProducts = 0
  /// Makes what runs it once on an episode.
  let make: (Workload) -> (PreparedEpisode) -> Void

  /// Every method with `steps` inner or local steps.
  static func all(steps: Int) -> [Method] {
    episodic(steps: steps) + local(steps: steps)
  }
}

// MARK: Methods of episodes

extension Method {
  private static func episodic(
    _ name: String, _ gradients: Int, _ products: Int, _ losses: Int, context: Int = 0,
    _ make: @escaping (Network, InnerLoop) -> any MetaAlgorithm,
    _ initial: @escaping ([Float], any MetaAlgorithm) -> [Float] = { theta, _ in theta }
  ) -> Method {
    Method(
      name: name, gradients: gradients, products: products, losses: losses, context: context
    ) { workload in
      let network = workload.network.with(context: context)
      let algorithm = make(network, workload.inner)
      var random = RandomStream(seed: 2)
      let parameters = initial(network.initialParameters(.he, using: &random), algorithm)
      var gradient = parameters
      return { episode in
        _ = algorithm.metaGradient(at: parameters, of: episode, into: &gradient)
      }
    }
  }

  private static func anil(steps k: Int) -> Method {
    var method = episodic(
      "anil", 2, 0, 2, { ANIL(network: $0, inner: $1, order: .second) })
    (method.headGradients, method.headProducts) = (k, 2 * k)
    return method
  }

  private static func episodic(steps k: Int) -> [Method] {
    let multiStep = MAMLPlusPlus.Schedule(multiStepRounds: 10)
    return [
      episodic("maml", k + 1, k, 1, { MAML(network: $0, inner: $1, order: .second) }),
      episodic("fomaml", k + 1, 0, 1, { MAML(network: $0, inner: $1, order: .first) }),
      episodic("reptile", k, 0, 2, { Reptile(network: $0, inner: $1) }),
      episodic(
        "meta-sgd", k + 1, k, 1, { MetaSGD(network: $0, inner: $1, order: .second) },
        { ($1 as? MetaSGD)?.initialParameters(from: $0) ?? $0 }),
      anil(steps: k),
      episodic(
        "maml++", 2 * k, k, 1, { MAMLPlusPlus(network: $0, inner: $1, schedule: multiStep) },
        { ($1 as? MAMLPlusPlus)?.initialParameters(from: $0) ?? $0 }),
      episodic(
        "learned-rate", k + 1, k, 1, { LearnedInnerRate(network: $0, inner: $1, order: .second) },
        { ($1 as? LearnedInnerRate)?.initialParameters(from: $0) ?? $0 }),
      episodic(
        "imaml", k + 2, 5, 1,
        { ImplicitMAML(network: $0, inner: $1, lambda: 2, iterations: 5, tolerance: 0) }),
      episodic(
        "cavia", k + 1, k, 1, context: 5, { CAVIA(network: $0, inner: $1, order: .second) },
        { ($1 as? CAVIA)?.initialParameters(from: $0) ?? $0 }),
      episodic("prototypes", 2, 0, 0, { network, _ in PrototypicalNetwork(network: network) }),
      episodic(
        "aruba", k, 0, 2,
        { ARUBA(network: $0, steps: $1.steps, sums: .init(epsilon: 0.05, zeta: 1)) },
        { ($1 as? ARUBA)?.initialParameters(from: $0) ?? $0 }),
    ]
  }
}

// MARK: Methods of hospitals

/// The support set of an episode, as often as it is asked for.
final class SameBatch: BatchSource {
  var batch: PreparedExamples?
  struct Nothing: Error {}

  func next() throws -> PreparedExamples {
    guard let batch else { throw Nothing() }
    return batch
  }
}

extension Method {
  private static func local(
    _ name: String, _ gradients: Int, _ products: Int, _ losses: Int,
    halves: Int = 1, keepsHead: Bool = false,
    _ make: @escaping (Network, InnerLoop) -> any LocalAlgorithm
  ) -> Method {
    Method(name: name, gradients: gradients, products: products, losses: losses) { workload in
      let algorithm = make(workload.network, workload.inner)
      let count = workload.network.parameterCount
      var random = RandomStream(seed: 2)
      let theta = workload.network.initialParameters(.he, using: &random)
      let parameters = theta + Array(repeating: 0, count: (halves - 1) * count)
      var memory: [Float] = []
      let head = keepsHead ? workload.network.head.count : 0
      var contribution = [Float](repeating: 0, count: halves * count - head)
      let batches = SameBatch()
      return { episode in
        batches.batch = episode.support
        do {
          _ = try algorithm.contribute(
            at: parameters, from: batches, memory: &memory, into: &contribution)
        } catch { preconditionFailure("\(error)") }
      }
    }
  }

  private static func local(steps k: Int) -> [Method] {
    [
      local("fedavg", k, 0, 1) { FedAvg(network: $0, local: $1) },
      local("fedprox", k, 0, 1) { FedProx(network: $0, local: $1, mu: 0.1) },
      local("scaffold", k, 0, 1, halves: 2) {
        SCAFFOLD(network: $0, local: $1)
      },
      local("per-fedavg-fo", 2 * k, 0, 1) {
        PerFedAvg(network: $0, local: $1, rate: 0.01, curvature: .none)
      },
      local("per-fedavg-hf", 4 * k, 0, 1) {
        PerFedAvg(
          network: $0, local: $1, rate: 0.01, curvature: .difference(width: 1e-3, isScaled: true))
      },
      local("per-fedavg-exact", 2 * k, k, 1) {
        PerFedAvg(network: $0, local: $1, rate: 0.01, curvature: .exact)
      },
      local("pfedme", k, 0, 2) {
        PFedMe(
          network: $0, local: InnerLoop(steps: 1, rate: 0.01), inner: $1, lambda: 1)
      },
      local("ditto", 2 * k, 0, 1) {
        Ditto(network: $0, local: $1, personal: $1, lambda: 1)
      },
      local("fedrep", 2 * k, 0, 2, keepsHead: true) {
        FedRep(network: $0, headSteps: $1, bodySteps: $1)
      },
    ]
  }
}

extension Network {
  /// This network with a context.
  func with(context: Int) -> Network {
    context == 0
      ? self
      : Network(
        inputs: inputs, layers: layers, outputs: outputs, loss: loss, l2: l2, context: context,
        time: time, categories: categories)
  }
}
