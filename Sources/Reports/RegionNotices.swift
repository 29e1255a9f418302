public import Federation

/// What a region has to say on standard error: who came and went, and what was ignored.
public final class RegionNotices: RunObserver {
  private let isQuiet: Bool

  /// Notices, or none where only errors are wanted.
  public init(quiet: Bool) {
    isQuiet = quiet
  }

  /// Prints a line about `event`.
  public func observe(_ event: RunEvent) {
    guard !isQuiet else { return }
    switch event {
    case .presence(let presence): StandardStream.error.write(presence.sentence + "\n")
    case .ignored(let what): StandardStream.error.write("ignored: \(what)\n")
    case .staged(let what): StandardStream.error.write("timeline: \(what)\n")
    // A region leads no rounds.
    case .started, .resumed, .checkpoint, .roundClosed, .evaluated, .ended: break
    }
  }
}
