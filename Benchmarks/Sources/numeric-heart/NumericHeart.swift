/// Measures the numeric heart: one JSON line a workload.
///
/// Run alone on a quiet machine: `taskset -c 0 numeric-heart [--kept-passes N] [WORKLOAD ...]`.
/// Without a number MAML keeps as many passes as it does by default.
@main
struct NumericHeart {
  static func main() {
    var names = CommandLine.arguments.dropFirst()
    var keptPasses: Int?
    if names.first == "--kept-passes" {
      keptPasses = names.dropFirst().first.flatMap { Int($0) }
      names = names.dropFirst(2)
    }
    for workload in Workload.all where names.isEmpty || names.contains(workload.name) {
      print(Measurement(workload, keptPasses: keptPasses).line())
    }
  }
}
