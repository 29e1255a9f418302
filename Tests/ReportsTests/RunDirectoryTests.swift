import Glibc
import Reports
import Scenarios
import Testing

@Suite("The directory of a run")
struct RunDirectoryTests {
  @Test("it holds the scenario as run")
  func scenario() throws {
    try withTemporaryDirectory { path in
      let scenario = Sample.scenario()
      let directory = try RunDirectory(path: path + "/deep/run", for: scenario)
      #expect(directory.path == path + "/deep/run")
      #expect(text(of: directory.file("scenario.yaml")) == scenario.yaml)
    }
  }

  @Test("an empty directory may be named, with a slash or without", arguments: ["", "/"])
  func empty(slash: String) throws {
    try withTemporaryDirectory { path in
      let directory = try RunDirectory(path: path + slash, for: Sample.scenario())
      #expect(directory.path == path)
    }
  }

  @Test("a directory that holds anything is refused, and nothing in it is touched")
  func neverOverwritten() throws {
    try withTemporaryDirectory { path in
      let scenario = Sample.scenario()
      let first = try RunDirectory(path: path, for: scenario)
      let before = contents(of: first.file("scenario.yaml"))
      let error = #expect(throws: RunFilesError.self) {
        try RunDirectory(path: path, for: Sample.scenario(rounds: 99))
      }
      #expect(error == .directoryNotEmpty(path: path, found: "scenario.yaml"))
      #expect(
        error?.description == "run directory \(path): it holds scenario.yaml already; accepted is a"
          + " new or an empty directory; choose another --run, or move the old run away")
      #expect(contents(of: first.file("scenario.yaml")) == before)
    }
  }

  @Test("a file where the directory should be is an error that names it")
  func fileInTheWay() throws {
    try withTemporaryDirectory { path in
      let first = try RunDirectory(path: path, for: Sample.scenario())
      let error = #expect(throws: RunFilesError.self) {
        try RunDirectory(path: first.file("scenario.yaml"), for: Sample.scenario())
      }
      #expect(
        error?.description.contains("cannot list the directory \(path)/scenario.yaml") == true)
      #expect(error?.description.contains("Not a directory") == true)
    }
  }
}
