internal import Autodiff

/// The compiled programs of a network in two parts: the body, all layers but the last, and the head.
///
/// Where only the head changes, the body is run once: its outputs, the features, are inputs of the head,
/// which is a network of its own (``Network/headAlone``). What is here leads from one part to the other and back.
///
/// Programs are made on first use with a number of rows and kept; later uses allocate nothing. One
/// thread at a time.
@safe public final class BodyPrograms {
  /// The network they are of.
  public let network: Network

  private struct Programs {
    let rows: Int
    let features: Executable
    let pullBack: Executable
    let mixed: Executable
  }

  private let arena = Arena()
  private let parameterCount: Int
  private let head: Network
  private var known: [Int: Programs] = [:]
  private var latest: Programs?

  /// Prepares nothing yet: programs are made when they are first used.
  ///
  /// - Precondition: the network has a hidden layer.
  public init(_ network: Network) {
    precondition(!network.layers.isEmpty, "a network of one layer has no body")
    self.network = network
    head = network.headAlone
    parameterCount = network.parameterCount
  }

  /// Writes the outputs of the body, `[rows, head.inputs]`, to `features`.
  public func features(
    at parameters: UnsafeBufferPointer<Float>, of rows: LabelledRows,
    into features: UnsafeMutableBufferPointer<Float>
  ) {
    let executable = programs(rows.rows).features
    unsafe bind(executable, .parameters, parameters, parameterCount)
    unsafe bind(executable, .inputs, rows.inputs, rows.rows * network.inputs)
    unsafe bind(executable, .outputs, features, rows.rows * head.inputs)
    executable.run()
  }

  /// Writes the derivative, by the parameters of the body, of what has the derivative `adjoint` by the features.
  ///
  /// `adjoint` is `[rows, head.inputs]`. The places of the head in `gradient` are left as they are.
  public func pullBack(
    _ adjoint: UnsafeBufferPointer<Float>, at parameters: UnsafeBufferPointer<Float>,
    of rows: LabelledRows, into gradient: UnsafeMutableBufferPointer<Float>
  ) {
    let executable = programs(rows.rows).pullBack
    unsafe bind(executable, .parameters, parameters, parameterCount)
    unsafe bind(executable, .inputs, rows.inputs, rows.rows * network.inputs)
    unsafe bind(executable, .targets, adjoint, rows.rows * head.inputs)
    unsafe bind(executable, .derivative, gradient, parameterCount)
    executable.run()
  }

  /// Writes the derivative, by the features, of the gradient of the head's parameters times `direction`,
  /// `[rows, head.inputs]`.
  ///
  /// - Parameters:
  ///   - parameters: The parameters of the head.
  ///   - direction: As many numbers.
  ///   - features: The features with the targets of their examples.
  ///   - product: Takes as many numbers as there are features.
  public func mixedProduct(
    at parameters: UnsafeBufferPointer<Float>, along direction: UnsafeBufferPointer<Float>,
    of features: LabelledRows, into product: UnsafeMutableBufferPointer<Float>
  ) {
    let executable = programs(features.rows).mixed
    unsafe bind(executable, .parameters, parameters, head.parameterCount)
    unsafe bind(executable, .direction, direction, head.parameterCount)
    unsafe bind(executable, .inputs, features.inputs, features.rows * head.inputs)
    unsafe bind(executable, .targets, features.targets, features.rows * head.outputs)
    unsafe bind(executable, .derivative, product, features.rows * head.inputs)
    executable.run()
  }
}

extension BodyPrograms {
  private func programs(_ rows: Int) -> Programs {
    if let latest, latest.rows == rows { return latest }
    let programs =
      known[rows]
      ?? Programs(
        rows: rows, features: Executable(network.featureProgram(rows: rows), in: arena),
        pullBack: Executable(network.featurePullBackProgram(rows: rows), in: arena),
        mixed: Executable(head.mixedProductProgram(rows: rows), in: arena))
    known[rows] = programs
    latest = programs
    return programs
  }

  private func bind(
    _ executable: Executable, _ buffer: Buffer, _ numbers: UnsafeBufferPointer<Float>, _ count: Int
  ) {
    guard numbers.count == count, let base = numbers.baseAddress else {
      preconditionFailure("\(count) numbers are needed, not \(numbers.count)")
    }
    unsafe executable.bind(buffer, to: base)
  }

  private func bind(
    _ executable: Executable, _ buffer: Buffer, _ numbers: UnsafeMutableBufferPointer<Float>,
    _ count: Int
  ) {
    unsafe bind(executable, buffer, UnsafeBufferPointer(numbers), count)
  }
}

// MARK: Programs

extension Network {
  /// The last layer as a network, whose inputs are what the body makes of examples.
  public var headAlone: Network {
    Network(inputs: featureCount, layers: [], outputs: outputs, loss: loss, l2: l2)
  }

  fileprivate func featureProgram(rows: Int) -> Program {
    Program.trace { trace in
      let features = features(at: layers(in: trace), of: .inputs, rows: rows, in: trace)
      return [.init(features, at: Buffer.outputs.at(0))]
    }
  }

  fileprivate func featurePullBackProgram(rows: Int) -> Program {
    let product = Program.trace { trace in
      let features = features(at: layers(in: trace), of: .inputs, rows: rows, in: trace)
      let adjoint = trace.input(at: Buffer.targets.at(0), features.shape)
      return [.init((features * adjoint).total(), at: Buffer.loss.at(0))]
    }
    return product.reversed(from: Buffer.loss.at(0), with: .parameters, into: .derivative)
      .only(.derivative)
  }

  fileprivate func mixedProductProgram(rows: Int) -> Program {
    lossProgram(rows: rows)
      .reversed(from: Buffer.loss.at(0), with: .inputs, into: .derivative)
      .only(.derivative).forward(along: [.parameters: .direction])
  }
}
