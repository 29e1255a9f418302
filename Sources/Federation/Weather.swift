public import Transports

/// What befalls messages between the coordinator and the nodes of a ``Simulation``: the one place
/// that every message passes on its way.
///
/// A weather may delay, drop, repeat, reorder and alter. It is asked in the order of sending, which
/// is the same every time a scenario is played, so one that draws draws from a stream of the
/// experiment:
///
///     struct Fog: Weather {
///       var random: RandomStream
///       mutating func fates(of letter: Letter) -> [Fate] {
///         random.uniform() < 0.1 ? [] : [.arrives(after: .milliseconds(random.integer(below: 50)))]
///       }
///     }
public protocol Weather {
  /// What becomes of `letter`: one fate for each copy that arrives, none if it is lost.
  mutating func fates(of letter: Letter) -> [Fate]
}

/// A message on its way, as the weather sees it.
public struct Letter: Sendable {
  /// Where a message goes.
  public enum Direction: Equatable, Sendable {
    case toCoordinator, toNode
  }

  /// When it is sent.
  public let sent: Instant
  /// The node at the other end of the coordinator's, by its number from 0.
  public let node: Int
  /// Whether the node sends or gets it.
  public let direction: Direction
  /// What is sent; of an answer only its turn and hospital, as answers are made when they arrive.
  public let message: Message
}

/// What becomes of one copy of a message.
public struct Fate: Sendable {
  /// What arrives instead of a message: another one, or bytes that are none.
  public typealias Alteration = @Sendable (Message) -> Result<Message, WireError>

  /// What it is late by, beyond the time that its link takes.
  public var delay: Duration
  /// What arrives instead of it; as it was sent if `nil`.
  public var alteration: Alteration?

  /// The copy arrives after `delay`, altered if an alteration is given.
  public static func arrives(
    after delay: Duration = .zero, altered alteration: Alteration? = nil
  ) -> Fate {
    Fate(delay: delay, alteration: alteration)
  }

  /// Whether the copy arrives as if there were no weather.
  var isClear: Bool { delay == .zero && alteration == nil }
}

/// No weather: every message arrives once, as it was sent, when its link has carried it.
public struct ClearWeather: Weather {
  /// Nothing to be set.
  public init() {}

  /// The message arrives.
  public func fates(of letter: Letter) -> [Fate] { Self.fates }

  /// Made once, not for every message.
  private static let fates = [Fate.arrives()]
}
