import Glibc
import Reports
import Scenarios

/// A private directory for one run: the scenario that all processes read, and the socket they meet at.
struct MeetingPlace: Sendable {
  /// The bytes that the path of the directory above may have: a socket's path has 107 at most.
  static let longestParent = 70

  private let directory: Directory
  /// Names of hospitals may not be names of files.
  private let hospitalNumbers: [String: Int]

  /// Makes a directory that only this user can enter, below `TMPDIR` or the system's place.
  init(for scenario: Scenario) throws(RunFilesError) {
    directory = try Directory.temporary(in: Self.parent)
    hospitalNumbers = Dictionary(
      zip(scenario.cohorts.hospitals, 1...), uniquingKeysWith: { first, _ in first })
    do throws(RunFilesError) {
      try RunDirectory.write(scenario, to: self.scenario)
    } catch {
      directory.remove()
      throw error
    }
  }

  /// The file of the scenario as it is to be run.
  var scenario: String { directory.path + "/scenario.yaml" }

  /// Where the processes meet.
  var endpoint: String { "ipc://" + directory.path + "/hub" }

  /// Where the coordinator asks for cues.
  var cues: String { directory.path + "/stage" }

  /// Where the node of `hospital` connects to when its messages do not always pass.
  func line(to hospital: String) -> String {
    "ipc://" + directory.path + "/line-\(hospitalNumbers[hospital] ?? 0)"
  }

  /// Removes the directory and what is in it.
  func remove() { directory.remove() }

  /// Where such directories are made.
  static var parent: String {
    let wished = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    return wished.isEmpty || wished.utf8.count > longestParent ? P_tmpdir : wished
  }
}
