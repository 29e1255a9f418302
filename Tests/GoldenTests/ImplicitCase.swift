import MetaLearning
import Models

extension GoldenReport {
  /// The implicit meta-gradient, with inner steps and iterations until nothing moves in `Float`.
  mutating func checkImplicit(
    _ record: GoldenRecord, _ lambda: Float, _ model: GoldenModel, _ theta: [Float],
    _ episode: PreparedEpisode
  ) throws {
    let algorithm = ImplicitMAML(
      network: model.network, inner: InnerLoop(steps: 1000, rate: 0.0625), lambda: lambda,
      iterations: 100)
    let (gradient, losses) = Self.metaGradient(algorithm, theta, episode)
    let phi = algorithm.adapted(theta, to: episode.support)
    check("imaml phi", phi, try record.vector("phi", count: theta.count))
    check(
      "imaml support_loss", [model.loss(phi, episode.support)],
      [try record.number("support_loss")])
    check("imaml query_loss", [losses.after], [try record.number("query_loss")])
    check("imaml grad", gradient, try record.vector("grad", count: theta.count))
    // What is left is compared with nothing: so little that in `Float` no step moves any more.
    check(
      "imaml residual", [algorithm.diagnostics.innerResidual], [try record.number("residual")],
      tolerance: 1e-2)
    let curvature = Lanczos(size: theta.count) {
      model.hessianVectorProduct(phi, along: $0, episode.support)
    }
    check(
      "imaml smallest_eigenvalue",
      [1 + curvature.smallestEigenvalue / Double(lambda)],
      [try record.number("smallest_eigenvalue")])
    try record.finish()
  }
}
