/// Whoever acts out the timeline of a scenario.
public protocol Stagehand: AnyObject {
  /// Does what `cue` says, and returns when it is done.
  ///
  /// - Returns: Whether it was done; the round does not wait for the consequences of what was not.
  func act(_ cue: Cue) -> Bool
}
