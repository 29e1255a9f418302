import ArgumentParser
import Federation
import Options
import Reports
import Scenarios
import Transports
import ZeroMQTransport

@main
struct HospitalNodeProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hospital-node",
    abstract:
      "Serve one hospital or several beside their own data: adapt, answer with meta-gradients.",
    discussion: """
      A node waits for a coordinator that is not there yet, and connects again by itself. The data of \
      its hospitals stays in its process.

      EXAMPLES
        hospital-node --scenario Scenarios/heart-disease.yaml --connect tcp://127.0.0.1:5555 \\
          --hospital cleveland --data ../shared/data
        hospital-node --scenario Scenarios/default.yaml --connect ipc://hub.socket \\
          --hospital h1 --hospital h2

      EXIT STATUS
      \(ExitStatus.table)
      """)

  @Option(help: ArgumentHelp("The scenario that the coordinator runs.", valueName: "file"))
  var scenario: String

  @Option(
    help: ArgumentHelp(
      "Where the coordinator is: tcp://host:port or ipc://path.", valueName: "endpoint"))
  var connect: String

  @OptionGroup var hospitals: HospitalOptions

  @Option(
    help: ArgumentHelp("The directory that holds the data sets.", valueName: "directory"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The directory that keeps what hospitals remember from round to round, such as personal models; of algorithms that do. Without it, a node that is started again has forgotten.",
      valueName: "directory"))
  var memory: String?

  @OptionGroup var changes: ScenarioOptions
  @Flag(help: "Print errors only.") var quiet = false
  @Flag(help: .hidden) var lifeline = false

  func run() throws {
    try reporting {
      // First of all, so that a signal at any time ends the node as it should.
      let interrupt = try Interrupt()
      try interrupt.listen()
      if lifeline { Lifeline.hold() }
      let plan = try changes.scenario(at: scenario)
      try plan.checkLocality()
      let experiment = Experiment(plan)
      let hospitals = try hospitals.served(of: plan)
      let worker = try HospitalWorker(
        experiment, hospitals: HospitalList(hospitals), data: data,
        keeper: memory.map { MemoryFiles(at: $0, isLasting: true) })
      let spoke = try ZeroMQSpoke(
        connect: connect, limits: experiment.limits, interrupt: interrupt)
      if !quiet { announce(hospitals) }
      let ending = try serve(
        hospitals, of: experiment, with: worker, over: patient(spoke),
        isInterrupted: { interrupt.isRaised })
      if let sentence = ending.complaint(of: "node", besideCoordinator: lifeline) {
        StandardStream.error.write("error: \(sentence)\n")
      }
      return ExitStatus(of: ending)
    }
  }
}

extension HospitalNodeProgram {
  private func patient(_ spoke: ZeroMQSpoke) -> any Spoke {
    guard !quiet else { return spoke }
    return WaitingSpoke(spoke) {
      StandardStream.error.write("still waiting for the coordinator at \(connect)\n")
    }
  }

  private func announce(_ hospitals: [String]) {
    let names =
      hospitals.count > 4
      ? "\(hospitals.count) hospitals" : hospitals.joined(separator: ", ")
    StandardStream.error.write("serving \(names): waiting for the coordinator at \(connect)\n")
  }
}
