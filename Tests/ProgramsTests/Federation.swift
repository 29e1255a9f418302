import Foundation

/// A coordinator and its nodes, each a process, started by hand as a user would.
struct HandStarted {
  let scenario: String
  let run: String
  let endpoint: String
  let settings: [String]
  let coordinator: Program

  /// Starts the coordinator of a shipped scenario; `settings` are `--set` arguments for everyone.
  init(_ scenario: String, run: String, endpoint: String, settings: [String] = []) throws {
    self.scenario = scenario
    self.run = run
    self.endpoint = endpoint
    self.settings = settings.flatMap { ["--set", $0] }
    coordinator = try Program(
      "coordinator",
      ["--scenario", scenario, "--bind", endpoint, "--run", run] + self.settings)
  }

  /// Starts a node for `hospitals`.
  func node(_ hospitals: String..., data: String? = nil, endpoint: String? = nil) throws -> Program
  {
    try Program(
      "hospital-node",
      ["--scenario", scenario, "--connect", endpoint ?? self.endpoint]
        + hospitals.flatMap { ["--hospital", $0] }
        + (data.map { ["--data", $0] } ?? []) + settings)
  }
}
