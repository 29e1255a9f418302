import Glibc
import Models
import Tensors
import Testing

struct NetworkProgramsTests {
  /// Networks of other layers than dense ones.
  static let layered: [Network] =
    [
      Network(
        inputs: 5, layers: [.normalisation, .dense(Dense(units: 6, activation: .tanh))], outputs: 2,
        loss: .softmaxCrossEntropy, l2: 0.0625, context: 2),
      Network(
        inputs: 4,
        layers: [
          .dense(Dense(units: 6, activation: .tanh)),
          .residual([
            .normalisation, .dense(Dense(units: 5, activation: .gelu)),
            .residual([.dense(Dense(units: 5, activation: .tanh))]),
            .dense(Dense(units: 6, activation: .identity)),
          ]),
        ], outputs: 1, loss: .meanSquaredError, l2: 0.0625),
    ] + sequences + embedded

  /// Networks that take codes of three categories, after other inputs or alone.
  static let embedded: [Network] = [
    Network(
      inputs: 5,
      layers: [.embedding(Embedding(width: 3)), .dense(Dense(units: 4, activation: .tanh))],
      outputs: 2, loss: .softmaxCrossEntropy, l2: 0.0625, context: 2,
      categories: Categories(levels: [4, 1, 6])),
    Network(
      inputs: 2, layers: [.embedding(Embedding(width: 1)), .normalisation], outputs: 1,
      loss: .meanSquaredError, l2: 0.0625, categories: Categories(levels: [3, 5])),
    Network(
      inputs: 6,
      layers: [.embedding(Embedding(width: 2)), .recurrent(GatedRecurrentUnit(units: 3))],
      outputs: 1, loss: .binaryCrossEntropy,
      time: TimeAxis(first: 1, steps: 4, isLatestFirst: true), categories: Categories(levels: [4])),
  ]

  /// Networks that take six steps of two readings, between one input and two others.
  static let sequences: [Network] = [
    [.convolution(Convolution(channels: 3, width: 2, activation: .tanh))],
    [
      .convolution(Convolution(channels: 3, width: 3, activation: .gelu, pool: .mean)),
      .dense(Dense(units: 4, activation: .tanh)),
    ],
    [
      .convolution(Convolution(channels: 4, width: 2, activation: .tanh, pool: .max, window: 2)),
      .recurrent(GatedRecurrentUnit(units: 3)),
    ],
    [.recurrent(GatedRecurrentUnit(units: 4)), .normalisation],
    [
      .normalisation, .recurrent(GatedRecurrentUnit(units: 3, givesAllStates: true)),
      .convolution(Convolution(channels: 2, width: 6, activation: .sigmoid)),
    ],
  ].enumerated().map { position, layers in
    Network(
      inputs: 15, layers: layers, outputs: 2, loss: .softmaxCrossEntropy, l2: 0.0625,
      context: position == 2 ? 2 : 0,
      time: TimeAxis(first: 1, steps: 6, channels: 2, isLatestFirst: position.isMultiple(of: 2)))
  }

  static let networks: [Network] =
    Activation.allCases.flatMap { activation in
      Loss.allCases.flatMap { loss in
        [
          Network(
            inputs: 3, hidden: [Dense(units: 5, activation: activation)],
            outputs: loss == .binaryCrossEntropy ? 1 : 2, loss: loss),
          Network(
            inputs: 4,
            hidden: [
              Dense(units: 6, activation: activation), Dense(units: 9, activation: activation),
            ],
            outputs: 3, loss: loss, l2: 0.0625),
        ]
      }
    } + [
      Network(inputs: 4, hidden: [], outputs: 1, loss: .binaryCrossEntropy, l2: 0.5),
      Network(
        inputs: 3, hidden: [Dense(units: 5, activation: .tanh)], outputs: 2,
        loss: .softmaxCrossEntropy, l2: 0.0625, context: 4),
      Network(inputs: 2, hidden: [], outputs: 1, loss: .meanSquaredError, l2: 0.5, context: 1),
    ] + layered

  private func dot(_ left: [Float], _ right: [Float]) -> Double {
    zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private func norm(_ vector: [Float]) -> Double { dot(vector, vector).squareRoot() }

  @Test("the loss is the one of the definitions", arguments: networks)
  func loss(of network: Network) {
    for rows in [1, 7, 16] {
      let problem = Problem(network, rows: rows, seed: UInt64(rows))
      let truth = problem.reference(problem.parameters, 0)
      #expect(abs(problem.loss() - truth) < 2e-6 * max(1, truth))
      #expect(problem.gradient().loss == problem.loss())
    }
  }

  @Test("the gradient is the central difference of the loss", arguments: networks)
  func gradient(of network: Network) {
    for rows in [1, 7, 16] {
      var problem = Problem(network, rows: rows, seed: UInt64(100 + rows))
      let gradient = problem.gradient().gradient
      for _ in 0..<3 {
        let u = problem.direction()
        let truth = (problem.reference(u, 1e-5) - problem.reference(u, -1e-5)) / 2e-5
        #expect(abs(dot(gradient, u) - truth) < 1e-5 * max(norm(gradient) * norm(u), 1e-2))
      }
    }
  }

  @Test("the Hessian-vector product is the second difference of the loss", arguments: networks)
  func curvature(of network: Network) {
    for rows in [1, 7] {
      var problem = Problem(network, rows: rows, seed: UInt64(200 + rows))
      let (u, v) = (problem.direction(), problem.direction())
      let h = 1e-5
      let corners =
        problem.reference(u, h, v, h) - problem.reference(u, h, v, -h)
        - problem.reference(u, -h, v, h) + problem.reference(u, -h, v, -h)
      let product = problem.hessian(times: v)
      #expect(abs(dot(product, u) - corners / (4 * h * h)) < 1e-4 * max(norm(product) * norm(u), 1))
    }
  }

  @Test(
    "a gradient that is kept has the bits of one that is not, and gives the same Hessian",
    arguments: networks)
  func keptPass(of network: Network) {
    let pass = Pass()
    for rows in [7, 1, 16] {
      var problem = Problem(network, rows: rows, seed: UInt64(600 + rows))
      #expect(problem.gradient(keeping: pass) == problem.gradient().gradient)
      for _ in 0..<2 {
        let v = problem.direction()
        _ = problem.gradient()
        let (product, kept) = (problem.hessian(times: v), problem.hessian(times: v, of: pass))
        #expect(norm(zip(product, kept).map { $0 - $1 }) <= 1e-6 * norm(product))
      }
    }
  }

  @Test("the Hessian is symmetric: u·Hv = v·Hu", arguments: networks)
  func symmetry(of network: Network) {
    for rows in [1, 7, 16] {
      var problem = Problem(network, rows: rows, seed: UInt64(300 + rows))
      let (u, v) = (problem.direction(), problem.direction())
      let (alongU, alongV) = (problem.hessian(times: u), problem.hessian(times: v))
      let scale = max(norm(alongV) * norm(u), norm(alongU) * norm(v))
      #expect(abs(dot(u, alongV) - dot(v, alongU)) < 2e-6 * scale)
    }
  }

  @Test("outputs are the ones of the definitions", arguments: networks)
  func outputs(of network: Network) {
    let problem = Problem(network, rows: 5, seed: 400)
    let inputs = Matrix(rows: 5, columns: network.inputs, scalars: problem.inputs)
    let outputs = unsafe problem.parameters.withUnsafeBufferPointer { parameters in
      unsafe problem.programs.outputs(at: parameters, inputs: inputs)
    }
    let reference = ReferenceNetwork(network: network)
    for row in 0..<5 {
      let truth = reference.outputs(
        problem.parameters.map(Double.init), inputs.row(row).map(Double.init))
      for (output, exact) in zip(outputs.row(row), truth) {
        #expect(abs(Double(output) - exact) < 5e-6 * max(1, abs(exact)))
      }
    }
  }

  @Test("codes are what their columns of 0 and 1 are", arguments: embedded)
  func spelledOut(of network: Network) throws {
    let problem = Problem(network, rows: 9, seed: 700)
    let inputs = Matrix(rows: 9, columns: network.inputs, scalars: problem.inputs)
    let spelledOut = try #require(network.categories).spelledOut(inputs)
    #expect(spelledOut.columns == network.spelledOut.inputs)
    #expect(network.spelledOut.parameterTensors == network.parameterTensors)
    unsafe problem.parameters.withUnsafeBufferPointer { parameters in
      let outputs = unsafe problem.programs.outputs(at: parameters, inputs: inputs)
      let same = unsafe NetworkPrograms(network.spelledOut)
        .outputs(at: parameters, inputs: spelledOut)
      #expect(zip(outputs.scalars, same.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("losses stay finite where probabilities are 0 and 1", arguments: Loss.allCases)
  func extremes(of loss: Loss) {
    let outputs = loss == .binaryCrossEntropy ? 1 : 2
    let network = Network(inputs: 1, hidden: [], outputs: outputs, loss: loss)
    let programs = NetworkPrograms(network)
    let parameters: [Float] = outputs == 1 ? [1, 0] : [1, -1, 0, 0]
    let inputs: [Float] = [1_000, -1_000]
    let targets: [Float] = outputs == 1 ? [0, 0] : [0, 1, 0, 1]
    var gradient = parameters
    let value = unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe inputs.withUnsafeBufferPointer { inputs in
        unsafe targets.withUnsafeBufferPointer { targets in
          unsafe gradient.withUnsafeMutableBufferPointer { gradient in
            unsafe programs.gradient(
              at: parameters, on: LabelledRows(inputs: inputs, targets: targets, rows: 2),
              into: gradient)
          }
        }
      }
    }
    // Half of the examples are wrong by 1000 (by 2000 between two classes).
    if loss == .binaryCrossEntropy { #expect(value == 500) }
    if loss == .softmaxCrossEntropy { #expect(value == 1_000) }
    #expect(value.isFinite && gradient.allSatisfy(\.isFinite))
  }

  @Test("numbers of rows may alternate, and every run gives the same bits")
  func alternation() {
    let network = Self.networks[1]
    let problems = [3, 8, 5].map { Problem(network, rows: $0, seed: 500) }
    let first = problems.map { $0.gradient().gradient }
    let programs = problems[0].programs
    for _ in 0..<3 {
      for (problem, gradient) in zip(problems, first) {
        var again = gradient.map { _ in Float.nan }
        unsafe problem.parameters.withUnsafeBufferPointer { parameters in
          unsafe again.withUnsafeMutableBufferPointer { again in
            _ = problem.withRows { unsafe programs.gradient(at: parameters, on: $0, into: again) }
          }
        }
        #expect(again == gradient)
      }
    }
  }
}
