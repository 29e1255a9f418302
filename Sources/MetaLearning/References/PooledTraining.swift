public import Cohorts
public import Models
public import Tensors

/// One network trained on the patients of several hospitals put together, which no federation could do: a
/// reference.
///
/// Adam on mini-batches, epoch by epoch: patients come in an order drawn anew for every epoch, and its
/// last batch is what is left. Cost: a gradient for each step.
///
/// Reference: Kingma and Ba, "Adam: A method for stochastic optimization", ICLR 2015.
public struct PooledTraining: Sendable {
  /// What is trained.
  public let network: Network
  /// The number of steps, and the rate of Adam.
  public let steps: InnerLoop
  /// Patients in a mini-batch.
  public let batch: Int

  /// Training of a network's parameters.
  ///
  /// - Precondition: a batch is not empty.
  public init(network: Network, steps: InnerLoop, batch: Int) {
    precondition(batch > 0, "a batch is not empty")
    self.network = network
    self.steps = steps
    self.batch = batch
  }

  /// The parameters that training on `patients` ends with.
  ///
  /// - Precondition: there is a patient, with as many features as the network has inputs.
  public func parameters(
    from start: [Float], on patients: Examples, using random: RandomStream
  ) -> [Float] {
    let programs = NetworkPrograms(network)
    var (parameters, gradient) = (start, [Float].zeros(start.count))
    var optimiser = Optimiser(.adam(rate: Double(steps.rate)), parameterCount: start.count)
    var (random, order) = (random, ArraySlice<Int>())
    for _ in 0..<steps.steps {
      if order.isEmpty { order = random.sample(patients.count, of: patients.count)[...] }
      let rows = Array(order.prefix(batch))
      order = order.dropFirst(batch)
      let examples = Examples(
        inputs: patients.inputs.rows(at: rows), outcomes: rows.map { patients.outcomes[$0] })
      programs.gradient(
        at: parameters, on: PreparedExamples(examples, for: network), into: &gradient)
      optimiser.step(&parameters, along: gradient)
    }
    return parameters
  }
}
