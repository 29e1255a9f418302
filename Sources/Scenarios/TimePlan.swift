/// What takes how long in the virtual time of the simulated engine.
///
/// The engine of real processes keeps real time and leaves all of it aside. Nothing here changes a
/// bit of what is learnt as long as the same hospitals answer.
public struct TimePlan: Codable, Equatable, Sendable {
  /// What an episode takes to compute at a hospital of speed 1.
  public enum Compute: Codable, Equatable, Sendable {
    /// So many seconds.
    case seconds(Double)
    /// What a training episode takes on the machine that simulates, measured once as a run starts:
    /// the one setting here that depends on the machine.
    case measured
  }

  /// What an episode takes to compute.
  public var compute: Compute
  /// The standard deviation of the logarithm of what an assignment takes; 0 for no chance.
  ///
  /// ``compute`` gives the median. Drawn for each hospital and assignment.
  public var computeSpread: Double
  /// How much faster than ``compute`` a hospital computes.
  public var speed: HospitalSetting<Double>
  /// The standard deviation of the logarithm of a factor of ``speed``, drawn once for each hospital.
  public var speedSpread: Double
  /// Seconds that a message travels, in either direction.
  public var latency: HospitalSetting<Double>
  /// Bits a second from a hospital to the coordinator; `nil` without a limit.
  public var up: HospitalSetting<Double?>
  /// Bits a second from the coordinator to a hospital; `nil` without a limit.
  public var down: HospitalSetting<Double?>
  /// When hospitals are there.
  public var availability: AvailabilityPlan

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    compute: Compute = .seconds(0), computeSpread: Double = 0,
    speed: HospitalSetting<Double> = .init(1),
    speedSpread: Double = 0, latency: HospitalSetting<Double> = .init(0),
    up: HospitalSetting<Double?> = .init(nil), down: HospitalSetting<Double?> = .init(nil),
    availability: AvailabilityPlan = .always
  ) {
    self.compute = compute
    self.computeSpread = computeSpread
    self.speed = speed
    self.speedSpread = speedSpread
    self.latency = latency
    self.up = up
    self.down = down
    self.availability = availability
  }
}

/// A setting of every hospital, and of some of them by name.
public struct HospitalSetting<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  /// The setting of hospitals that are not named.
  public var others: Value
  /// The settings of those that are.
  public var named: [String: Value]

  /// One setting for all that are not named.
  public init(_ others: Value, named: [String: Value] = [:]) {
    self.others = others
    self.named = named
  }

  /// The setting of one hospital.
  public subscript(hospital: String) -> Value { named[hospital] ?? others }
}

/// When hospitals are there, on the virtual clock.
public enum AvailabilityPlan: Codable, Equatable, Sendable {
  /// Always.
  case always
  /// In the same hours of every day.
  case dayNight(DayNightPlan)
  /// For exponential times of these means in seconds, in turns; at the start as in the long run.
  case markov(on: Double, off: Double)
  /// In these intervals of seconds, in order and apart; hospitals that are not named always.
  case intervals([String: [ClosedRange<Double>]])
}

/// Hours of every day in a hospital's own time zone.
public struct DayNightPlan: Codable, Equatable, Sendable {
  /// The hour, local, from which a hospital is there.
  public var from: Double
  /// The hour until which it is; below ``from`` for a span over midnight.
  public var until: Double
  /// Hours that a hospital's clock is ahead of the virtual one, which starts at midnight; `nil`
  /// where it is one of 24, drawn by the seed.
  public var zone: HospitalSetting<Double?>

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(from: Double, until: Double, zone: HospitalSetting<Double?>) {
    self.from = from
    self.until = until
    self.zone = zone
  }
}
