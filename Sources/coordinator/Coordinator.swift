import ArgumentParser
import Federation
import Options
import Reports
import Scenarios
import ZeroMQTransport

@main
struct Coordinator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coordinator",
    abstract:
      "Lead a federation of hospitals: bind an endpoint, wait for their nodes, lead the rounds.",
    discussion: """
      No patient's record reaches the coordinator: nodes send meta-gradients and sums.

      EXAMPLES
        coordinator --scenario Scenarios/heart-disease.yaml --bind tcp://127.0.0.1:5555
        coordinator --scenario Scenarios/default.yaml --bind ipc://hub.socket --run runs/first --json

      EXIT STATUS
      \(ExitStatus.table)
      """)

  @Option(help: ArgumentHelp("The scenario to run.", valueName: "file"))
  var scenario: String

  @Option(
    help: ArgumentHelp(
      "Where nodes connect to: tcp://host:port or ipc://path.", valueName: "endpoint"))
  var bind: String

  @OptionGroup var changes: ScenarioOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: .hidden) var lifeline = false

  func run() throws {
    if lifeline { Lifeline.hold() }
    try reporting {
      let plan = try changes.scenario(at: scenario)
      let interrupt = try Interrupt()
      try interrupt.listen()
      let experiment = Experiment(plan)
      let hub = try ZeroMQHub(bind: bind, limits: experiment.limits, interrupt: interrupt)
      if output.form == .full { StandardStream.error.write("listening at \(hub.endpoint)\n") }
      let report = try RunReport(
        of: plan, in: RunDirectory(path: output.run, for: plan),
        tensors: TensorShape.dense(experiment.layerShapes), form: output.form)
      let ending = try lead(experiment, over: hub, observer: report)
      try report.conclude()
      return ExitStatus(of: ending)
    }
  }
}
