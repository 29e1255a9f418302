import Reports
import Testing

@Suite("replay starts, watches and ends its children")
struct ReplayTests {
  private func onStage<Result>(
    coordinator: String, node: String = "exit 0", _ body: (ReplayStage) throws -> Result
  ) throws -> Result {
    try withTemporaryDirectory {
      try body(try ReplayStage(in: $0, coordinator: coordinator, node: node))
    }
  }

  @Test("the coordinator's exit status is that of the run", arguments: [0, 3, 4, 6, 130])
  func status(code: Int) throws {
    try onStage(coordinator: "exit \(code)") { stage in
      try stage.run("$replay 2>log; echo $? >status")
      #expect(stage.status == code)
      #expect(try stage.leftovers.isEmpty)
    }
  }

  @Test("children meet at one socket, share the hospitals, and compute with one thread each")
  func arguments() throws {
    let keep = #"echo "$OPENBLAS_NUM_THREADS $*" >>"$stage/$(basename "$0").args""#
    try onStage(coordinator: keep, node: keep) { stage in
      try stage.run("$replay --quiet --run out --data patients >/dev/null 2>&1")
      let coordinator = stage.text("coordinator.args")
      #expect(coordinator.hasPrefix("1 --bind=ipc://\(stage.path)/temporary/consilium-"))
      #expect(coordinator.contains(" --scenario=\(stage.path)/temporary/consilium-"))
      #expect(coordinator.contains(" --run=out --quiet --lifeline"))
      let nodes = stage.text("hospital-node.args").split(separator: "\n").sorted()
      #expect(nodes.count == 2)
      #expect(
        nodes.allSatisfy { $0.contains(" --connect=ipc://") && $0.contains(" --data=patients ") })
      let hospitals = nodes.flatMap { line in
        line.split(separator: " ").filter { $0.hasPrefix("--hospital=") }.map { $0.dropFirst(11) }
      }
      #expect(hospitals.sorted() == ["h1..h5", "h6..h10"])
    }
  }

  @Test("a coordinator that dies is an error with a status of its own")
  func coordinatorDies() throws {
    try onStage(coordinator: "kill -9 $$") { stage in
      try stage.run("$replay 2>log; echo $? >status")
      #expect(stage.status == 8)
      #expect(stage.text("log").contains("error: the coordinator was killed by signal 9"))
      #expect(try stage.leftovers.isEmpty)
    }
  }

  @Test("a node that dies is announced, and the run goes on")
  func nodeDies() throws {
    try onStage(
      coordinator: "read line <$stage/told; exit 0",
      node: "case $* in *=h1..*) kill -9 $$ ;; esac; exit 0"
    ) { stage in
      try stage.run(
        """
        { $replay 2>errors; echo $? >status; } &
        while read -r line; do
          echo "$line" >>log
          case $line in *"killed by signal 9"*) echo go >told ;; esac
        done <errors
        wait
        """)
      #expect(stage.status == 0)
      #expect(
        stage.text("log").contains(
          "node 1 (h1, h2, h3 …) was killed by signal 9; the run goes on if its quorum allows"))
    }
  }

  @Test("when all nodes have failed, nobody is waited for, and their reason is told")
  func allNodesFail() throws {
    try onStage(
      coordinator: "trap 'exit 130' INT; " + ReplayStage.patience,
      node: "echo 'error: no data' >&2; exit 5"
    ) { stage in
      try stage.run("$replay 2>log; echo $? >status")
      #expect(stage.status == 5)
      #expect(stage.text("log").contains("node 2 (h6, h7, h8 …): error: no data"))
      #expect(try stage.leftovers.isEmpty)
    }
  }

  @Test("nodes that fail before the coordinator is ready for a signal have failed all the same")
  func allNodesFailAtOnce() throws {
    try onStage(
      coordinator: ReplayStage.patience, node: "echo 'error: no data' >&2; exit 5"
    ) { stage in
      try stage.run("$replay 2>log; echo $? >status")
      #expect(stage.status == 5)
      #expect(!stage.text("log").contains("the coordinator was killed"))
    }
  }

  @Test("Ctrl-C is passed to the coordinator once, and nothing is left behind")
  func interrupt() throws {
    try onStage(
      coordinator: "trap 'echo INT >>$stage/signals; exit 130' INT; echo up >$stage/told; "
        + ReplayStage.patience,
      node: "trap 'exit 130' TERM; " + ReplayStage.patience
    ) { stage in
      try stage.run(
        """
        $replay 2>log & pid=$!
        read line <told
        kill -INT $pid
        wait $pid; echo $? >status
        """)
      #expect(stage.status == 130)
      #expect(stage.text("signals") == "INT\n")
      #expect(try stage.leftovers.isEmpty)
    }
  }

  @Test("nodes that replay itself had to kill have not failed", arguments: [0, 3, 130])
  func overdueNodes(code: Int) throws {
    try onStage(
      coordinator: "for n in 1 2; do read line; done <$stage/told; exit \(code)",
      node: "trap '' TERM; echo up >$stage/told; exec cat >/dev/null"
    ) { stage in
      try stage.run("exec 3<>told; $replay 2>log 3>&-; echo $? >status")
      #expect(stage.status == code)
    }
  }

  @Test("a node that ends because the coordinator ended the run is not announced")
  func endedByCoordinator() throws {
    // The coordinator ends after the node has been reaped.
    try onStage(
      coordinator: "read pid <$stage/told; while kill -0 $pid 2>/dev/null; do :; done; exit 3",
      node: "case $* in *=h1..*) echo 'error: ended' >&2; echo $$ >$stage/told; exit 7 ;; esac"
    ) { stage in
      try stage.run("$replay 2>log; echo $? >status")
      #expect(stage.status == 3)
      #expect(stage.text("log") == "node 1 (h1, h2, h3 …): error: ended\n")
    }
  }

  @Test(
    "a coordinator that outlives the nodes it has sent home decides how the run ends",
    arguments: [(7, 3), (7, 9), (130, 130), (0, 4)])
  func outlivedNodes(node: Int, coordinator: Int) throws {
    // It saves and prints, and takes its time.
    let lingering = "n=0; while [ $n -lt 50000 ]; do n=$((n+1)); done; exit \(coordinator)"
    try onStage(
      coordinator: "trap 'exit 1' INT; exec 3<>$stage/told; read one <&3; read two <&3;"
        + " while kill -0 $one 2>/dev/null || kill -0 $two 2>/dev/null; do :; done; "
        + lingering,
      node: "echo $$ >$stage/told; exit \(node)"
    ) { stage in
      try stage.run("$replay 2>log; echo $? >status")
      #expect(stage.status == coordinator)
    }
  }

  @Test("a replay that is killed closes the input of every child")
  func killed() throws {
    let patient = "echo up >$stage/told; cat <&0 >/dev/null 2>&1; echo gone >$stage/errors"
    try onStage(coordinator: patient, node: patient) { stage in
      try stage.run(
        """
        exec 3<>told 4<>errors
        $replay >/dev/null 2>&1 3>&- 4>&- & pid=$!
        for child in 1 2 3; do read line <&3; done
        kill -9 $pid
        for child in 1 2 3; do read line <&4; echo "$line" >>ended; done
        """)
      #expect(stage.text("ended") == "gone\ngone\ngone\n")
    }
  }

  @Test("a child that is not beside replay is an error that names it")
  func missing() throws {
    try onStage(coordinator: "exit 0") { stage in
      try stage.run("rm hospital-node; $replay 2>log; echo $? >status")
      #expect(stage.status == 8)
      #expect(
        stage.text("log").contains("error: replay: there is no program \(stage.path)/hospital-node")
      )
    }
  }

  @Test(
    "words that cannot be understood end with the status of usage",
    arguments: [
      "--processes 0", "--quiet --json", "--engine steam", "one two",
    ])
  func usage(words: String) throws {
    try onStage(coordinator: "exit 0") { stage in
      try stage.run("$replay \(words) >/dev/null 2>log; echo $? >status")
      #expect(stage.status == 64)
      #expect(stage.text("log").contains("Usage: replay"))
    }
  }

  @Test("a scenario that is not there is an invalid scenario")
  func noScenario() throws {
    try onStage(coordinator: "exit 0") { stage in
      try stage.run("$replay nowhere.yaml 2>log; echo $? >status")
      #expect(stage.status == 2)
      #expect(stage.text("log").contains("nowhere.yaml"))
    }
  }
}
