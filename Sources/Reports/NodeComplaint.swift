public import Federation
import Transports

extension NodeEnding {
  /// What there is to say about an ending that was not wished for.
  ///
  /// - Parameters:
  ///   - program: What has ended: a node or a region.
  ///   - besideCoordinator: Whether the coordinator's own words are read beside its own, as they are
  ///     where one program has started both.
  /// - Returns: A sentence, or `nil` where all is well.
  public func complaint(of program: String, besideCoordinator: Bool) -> String? {
    switch self {
    case .finished, .interrupted: nil
    case .runFailed(let reason):
      besideCoordinator ? nil : "the coordinator ended the run: \(reason)"
    case .refused(let refusal): "the coordinator refused this \(program): \(refusal.reason)"
    }
  }
}
