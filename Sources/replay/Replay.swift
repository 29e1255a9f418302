import ArgumentParser
import Reports

@main
struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Replay a scenario: a coordinator and its hospitals, from one file.",
    usage: """
      replay [<scenario>] [--engine processes|simulated] [--processes <count>]
                    [--data <directory>] [--run <directory>] [--seed <seed>]
                    [--set <key.path=value> ...] [--quiet | --json]
             replay check <file> ...
             replay describe [<scenario>] [--data <directory>] [--round <round>] [--json]
             replay verify <run> [--engine simulated|processes]
             replay diff <run> <run>
             replay sweep <scenario> --vary <key.path=value,value> ... [--seeds <count>]
             replay compare <scenario> [--methods <name,name>] [--seeds <count>]
             replay tune <scenario> --range <key.path=low..high> ... [--trials <count>]
      """,
    discussion: """
      By default the coordinator and the hospitals' nodes are real processes that talk over ZeroMQ. \
      With --engine simulated they run in this process, over a network in memory with a virtual \
      clock; both end with the same meta-parameters, bit for bit.

      What stands before a subcommand is for `replay play`, which may be left out: `replay play \
      --help` explains each of its options, and `replay <subcommand> --help` those of the others.

      EXAMPLES
        replay
        replay Scenarios/heart-disease.yaml --data ../shared/data
        replay Scenarios/default.yaml --set federation.rounds=10 --seed 3 --json
        replay check Scenarios
        replay verify runs/default-20260101-120000

      EXIT STATUS
      \(ExitStatus.table)
      """,
    subcommands: [
      Play.self, Check.self, Describe.self, Verify.self, Diff.self, Sweep.self, Compare.self,
      Tune.self,
    ],
    defaultSubcommand: Play.self)
}
