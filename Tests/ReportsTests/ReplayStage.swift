import Glibc
import Reports

/// A copy of `replay` with children that act as a test tells them, beside it as it expects them.
struct ReplayStage {
  let path: String

  /// Puts the programs into the directory `path`: shell scripts with these bodies.
  ///
  /// A script has its arguments, `$stage` for the directory, and the end of `replay` on its standard
  /// input, as the real programs have.
  init(in path: String, coordinator: String, node: String) throws {
    self.path = path
    _ = try Directory(path + "/temporary").make()
    try shell("cp '\(Self.buildDirectory)/replay' . && mkfifo told errors")
    try write(coordinator, as: "coordinator")
    try write(node, as: "hospital-node")
  }

  /// Plays the bundled default with two nodes, as a part of `script`, where `$replay` is the command.
  ///
  /// A script that waits in vain is ended after a minute, and that is a failure.
  func run(_ script: String) throws {
    try write(script, as: "act")
    try shell(
      "export stage='\(path)' TMPDIR='\(path)/temporary' replay='./replay --processes 2'"
        + " && timeout 60 ./act")
  }

  /// What is left of the private directories that `replay` makes.
  var leftovers: [String] {
    get throws(RunFilesError) { try Directory(path + "/temporary").names() }
  }

  func text(_ name: String) -> String { ReportsTests.text(of: path + "/" + name) }

  /// The exit status that a script has kept in the file `status`.
  var status: Int? { Int(text("status").filter(\.isNumber)) }

  /// Writes a script, in a process of its own: a file that another test's child still holds open
  /// for writing cannot be executed.
  private func write(_ body: String, as name: String) throws {
    try shell("cat >\(name) <<'END' && chmod +x \(name)\n#!/bin/sh\n\(body)\nEND")
  }

  private func shell(_ command: String) throws {
    let status = unsafe system("cd '\(path)' && \(command)")
    guard status == 0 else { throw Failure(script: command, status: status) }
  }

  private struct Failure: Error {
    let script: String
    let status: Int32
  }
}

extension ReplayStage {
  /// Waits as a real program does: until a signal comes, or the end of `replay`.
  ///
  /// A shell gives what it starts in the background another standard input, hence the detour.
  static let patience = "exec 3<&0; cat <&3 >/dev/null 2>&1 & wait $!"

  /// Where the test itself lies, and beside it the programs.
  static let buildDirectory: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(
      decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
  }()
}
