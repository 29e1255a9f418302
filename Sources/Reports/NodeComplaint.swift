public import Federation
import Transports

extension NodeEnding {
  /// What there is to say about an ending that was not wished for.
  ///
  /// - Parameter program: What has ended: a node or a region.
  /// - Returns: A sentence, or `nil` where all is well.
  public func complaint(of program: String) -> String? {
    switch self {
    case .finished, .interrupted: nil
    case .runFailed(let reason): "the coordinator ended the run: \(reason)"
    case .refused(let refusal): "the coordinator refused this \(program): \(refusal.reason)"
    }
  }
}
