import Glibc

/// The files, pipes and connections that this process may have open at once.
public enum OpenFiles {
  /// How many would be needed, and how many there may be.
  public struct Shortage: Equatable, Sendable {
    /// How many are needed at once.
    public var needed: Int
    /// How many this process may have at most.
    public var allowed: Int

    /// Takes the parts as they are.
    public init(needed: Int, allowed: Int) {
      self.needed = needed
      self.allowed = allowed
    }
  }

  /// Makes room for so many: raises what the process may have (`ulimit -Sn`) as far as that is too
  /// little and the system lets it (`ulimit -Hn`).
  ///
  /// - Returns: What is wanting where the system does not let it; the room is as large as can be then.
  public static func makeRoom(for needed: Int) -> Shortage? {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(needed) else {
      return nil
    }
    limit.rlim_cur = min(rlim_t(needed), limit.rlim_max)
    guard unsafe setrlimit(resource, &limit) == 0, limit.rlim_cur >= rlim_t(needed) else {
      return Shortage(needed: needed, allowed: Int(clamping: limit.rlim_max))
    }
    return nil
  }
}

extension OpenFiles.Shortage: CustomStringConvertible {
  /// How many there are, how many are accepted, and how to get them.
  public var description: String {
    "\(needed) open files at once are needed, and this process may have \(allowed); raise the limit"
      + " (ulimit -n \(needed); where the system refuses that, nofile in /etc/security/limits.conf or"
      + " LimitNOFILE of the service)"
  }
}
