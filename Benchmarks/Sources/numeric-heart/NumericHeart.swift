/// Measures the numeric heart: one JSON line a workload.
///
/// Run alone on a quiet machine: `taskset -c 0 numeric-heart [--kept-passes N] [--methods] [WORKLOAD ...]`, or
/// `--layers` alone, for one line a kind of layer.
/// Without a number MAML keeps as many passes as it does by default. With `--methods` it is one line a
/// method and workload instead.
@main
struct NumericHeart {
  static func main() {
    var names = CommandLine.arguments.dropFirst()
    var keptPasses: Int?
    if names.first == "--kept-passes" {
      keptPasses = names.dropFirst().first.flatMap { Int($0) }
      names = names.dropFirst(2)
    }
    if names.first == "--layers" {
      for measurement in LayerMeasurement.all { print(measurement.line()) }
      return
    }
    let areMethods = names.first == "--methods"
    if areMethods { names = names.dropFirst() }
    for workload in Workload.all where names.isEmpty || names.contains(workload.name) {
      guard !areMethods else {
        for line in MethodMeasurement(workload: workload).lines() { print(line) }
        continue
      }
      print(Measurement(workload, keptPasses: keptPasses).line())
    }
  }
}
