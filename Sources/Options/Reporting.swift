public import ArgumentParser
public import Reports

extension ParsableCommand {
  /// Runs `body`, prints the error that it throws, and ends the program with the fitting status.
  public func reporting(_ body: () throws -> ExitStatus) throws {
    StandardStream.ignoreBrokenPipes()
    let status: ExitStatus
    do { status = try body() } catch { status = try Self.report(error) }
    if status != .success { throw ExitCode(status.rawValue) }
  }

  /// Runs `body`, prints the error that it throws, and ends the program with the fitting status.
  public func reporting(_ body: () async throws -> ExitStatus) async throws {
    StandardStream.ignoreBrokenPipes()
    let status: ExitStatus
    do { status = try await body() } catch { status = try Self.report(error) }
    if status != .success { throw ExitCode(status.rawValue) }
  }

  /// Leaves an error of usage to the argument parser, which prints how the program is used.
  private static func report(_ error: any Error) throws -> ExitStatus {
    if error is ValidationError { throw error }
    return ExitStatus.report(error)
  }
}
