internal import Autodiff
public import Tensors

/// The compiled programs of a network whose outputs are an embedding in which classes have prototypes.
///
/// The prototype of a class is the mean embedding of its support examples, `c_k = sum_i a_ik f(x_i)`, where the shares
/// `a` are given: 1 over the number of examples of the class, or 0. A query has the logits
/// `2 f(x) · c_k - |c_k|^2`, which is minus the squared distance but for what is the same for all classes, and the loss
/// is softmax cross-entropy; the network's own loss is not looked at, its penalty is. Derivatives
/// go through queries and prototypes.
///
/// Programs are made on first use with a number of support and query examples and kept; later uses
/// allocate nothing. One thread at a time.
@safe public final class PrototypePrograms {
  /// The network that embeds.
  public let network: Network
  /// The number of classes.
  public let classes: Int

  private struct Rows: Hashable {
    var support: Int
    var query: Int
  }

  private let arena = Arena()
  private let parameterCount: Int
  private let total: UnsafeMutablePointer<Double>
  private var gradients: [Rows: Executable] = [:]
  private var predictions: [Rows: Executable] = [:]
  private var inputSlopes: [Rows: Executable] = [:]

  /// Prepares nothing yet: programs are made when they are first used.
  ///
  /// - Precondition: there are two classes or more.
  public init(_ network: Network, classes: Int) {
    precondition(classes > 1, "\(classes) classes cannot be told apart")
    self.network = network
    self.classes = classes
    parameterCount = network.parameterCount
    unsafe total = .allocate(capacity: 1)
    unsafe total.initialize(to: 0)
  }

  deinit { unsafe total.deallocate() }

  /// Writes the gradient of the loss on the queries to `gradient`.
  ///
  /// - Parameters:
  ///   - parameters: Those of the network.
  ///   - support: Examples with their shares in each prototype for targets, `[examples, classes]`.
  ///   - query: Examples with ones and zeros for targets, `[examples, classes]`.
  ///   - gradient: Takes as many numbers as there are parameters.
  /// - Returns: the loss.
  public func gradient(
    at parameters: UnsafeBufferPointer<Float>, support: LabelledRows, query: LabelledRows,
    into gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    let rows = Rows(support: support.rows, query: query.rows)
    let executable = gradients[rows] ?? Executable(gradientProgram(rows), in: arena)
    gradients[rows] = executable
    unsafe bind(executable, parameters, support)
    check(query)
    guard gradient.count == parameterCount, let derivative = gradient.baseAddress,
      let queries = unsafe query.inputs.baseAddress,
      let targets = unsafe query.targets.baseAddress
    else { preconditionFailure("a gradient has \(parameterCount) numbers") }
    unsafe executable.bind(.queries, to: queries)
    unsafe executable.bind(.queryTargets, to: targets)
    unsafe executable.bind(.derivative, to: derivative)
    unsafe UnsafeMutableRawPointer(total).withMemoryRebound(to: Float.self, capacity: 2) {
      unsafe executable.bind(.loss, to: $0)
    }
    executable.run()
    return unsafe total.pointee
  }

  /// The logits of queries, `[rows, classes]`.
  public func outputs(
    at parameters: UnsafeBufferPointer<Float>, support: LabelledRows, queries: Matrix
  ) -> Matrix {
    precondition(
      queries.columns == network.inputs,
      "a network of \(network.inputs) inputs cannot take \(queries.columns)")
    let rows = Rows(support: support.rows, query: queries.rows)
    let executable = predictions[rows] ?? Executable(outputProgram(rows), in: arena)
    predictions[rows] = executable
    unsafe bind(executable, parameters, support)
    var outputs = Matrix(rows: queries.rows, columns: classes)
    unsafe queries.scalars.withUnsafeBufferPointer { queries in
      unsafe outputs.scalars.withUnsafeMutableBufferPointer { outputs in
        guard let input = queries.baseAddress, let output = outputs.baseAddress else { return }
        unsafe executable.bind(.queries, to: input)
        unsafe executable.bind(.outputs, to: output)
        executable.run()
      }
    }
    return outputs
  }
}

extension PrototypePrograms {
  /// The derivatives of weighted logits of queries by their inputs; by those of ``Network/spelledOut`` where there
  /// are codes.
  ///
  /// - Parameters:
  ///   - parameters: Those of the network.
  ///   - support: As for ``gradient(at:support:query:into:)``.
  ///   - query: Examples, codes spelled out, with the weights of their logits for targets, `[examples, classes]`.
  /// - Returns: Of each query those of the sum of its logits, each times its weight,
  ///   `[examples, inputs]`.
  public func slopes(
    at parameters: UnsafeBufferPointer<Float>, support: LabelledRows, query: LabelledRows
  ) -> Matrix {
    let rows = Rows(support: support.rows, query: query.rows)
    let executable = inputSlopes[rows] ?? Executable(slopeProgram(rows), in: arena)
    inputSlopes[rows] = executable
    unsafe bind(executable, parameters, support)
    let inputs = network.spelledOut.inputs
    check(query, inputs: inputs)
    var slopes = Matrix(rows: query.rows, columns: inputs)
    unsafe slopes.scalars.withUnsafeMutableBufferPointer { slopes in
      guard let slope = slopes.baseAddress, let queries = unsafe query.inputs.baseAddress,
        let weights = unsafe query.targets.baseAddress
      else { return }
      unsafe executable.bind(.queries, to: queries)
      unsafe executable.bind(.queryTargets, to: weights)
      unsafe executable.bind(.derivative, to: slope)
      executable.run()
    }
    return slopes
  }
}

// MARK: Programs

extension PrototypePrograms {
  private func slopeProgram(_ rows: Rows) -> Program {
    let weighted = Program.trace { trace in
      let layers = network.layers(in: trace)
      let spelledOut = network.spelledOut
      let asked = spelledOut.outputs(
        at: spelledOut.layers(in: trace), of: .queries, rows: rows.query, in: trace)
      let logits = logits(of: asked, rows, layers, in: trace)
      let weights = trace.input(at: Buffer.queryTargets.at(0), logits.shape)
      return [.init((logits * weights).total(), at: Buffer.loss.at(0))]
    }
    return weighted.reversed(from: Buffer.loss.at(0), with: .queries, into: .derivative)
      .only(.derivative)
  }

  private func outputProgram(_ rows: Rows) -> Program {
    Program.trace { trace in
      [.init(logits(rows, network.layers(in: trace), in: trace), at: Buffer.outputs.at(0))]
    }
  }

  private func gradientProgram(_ rows: Rows) -> Program {
    let loss = Program.trace { trace in
      let layers = network.layers(in: trace)
      let logits = logits(rows, layers, in: trace)
      let targets = trace.input(at: Buffer.queryTargets.at(0), logits.shape)
      let loss = Loss.softmaxCrossEntropy(logits, targets)
      return [.init(network.penalised(loss, layers), at: Buffer.loss.at(0))]
    }
    return loss.reversed(from: Buffer.loss.at(0), with: .parameters, into: .derivative)
  }

  private func logits(_ rows: Rows, _ layers: [Network.TracedLayer], in trace: Trace) -> Traced {
    let asked = network.outputs(at: layers, of: .queries, rows: rows.query, in: trace)
    return logits(of: asked, rows, layers, in: trace)
  }

  private func logits(
    of asked: Traced, _ rows: Rows, _ layers: [Network.TracedLayer], in trace: Trace
  ) -> Traced {
    let seen = network.outputs(at: layers, of: .inputs, rows: rows.support, in: trace)
    let shares = trace.input(at: Buffer.targets.at(0), Shape(rows.support, classes))
    let prototypes = shares.product(seen, true)
    let lengths = trace.filled(1, Shape(1, network.outputs))
      .product(prototypes.squared(), false, true)
    return asked.product(prototypes, false, true, 2) - lengths.repeatedDown(rows.query)
  }

  private func bind(
    _ executable: Executable, _ parameters: UnsafeBufferPointer<Float>, _ support: LabelledRows
  ) {
    check(support)
    guard parameters.count == parameterCount, let base = parameters.baseAddress,
      let inputs = unsafe support.inputs.baseAddress,
      let shares = unsafe support.targets.baseAddress
    else {
      preconditionFailure(
        "a network of \(parameterCount) parameters cannot take \(parameters.count)")
    }
    unsafe executable.bind(.parameters, to: base)
    unsafe executable.bind(.inputs, to: inputs)
    unsafe executable.bind(.targets, to: shares)
  }

  private func check(_ rows: LabelledRows, inputs: Int? = nil) {
    let inputs = inputs ?? network.inputs
    precondition(
      unsafe rows.inputs.count == rows.rows * inputs
        && rows.targets.count == rows.rows * classes,
      "\(rows.rows) examples do not fit \(inputs) inputs and \(classes) classes")
  }
}
