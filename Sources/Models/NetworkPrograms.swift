internal import Autodiff
public import Tensors

/// The compiled programs of one network: outputs, loss, gradient, Hessian-vector product.
///
/// A program is made on its first use with a number of rows and kept; later uses allocate nothing. All share
/// one arena. One thread at a time.
///
/// Parameters, directions and derivatives are flat vectors of ``Network/parameterCount`` entries. What is
/// written must not overlap what is read.
@safe public final class NetworkPrograms {
  /// The network they compute.
  public let network: Network

  private let arena = Arena()
  private let parameterCount: Int
  private let total: UnsafeMutablePointer<Double>
  private var known: [Int: RowPrograms] = [:]
  private var latest: RowPrograms?

  /// Prepares nothing yet: programs are made when they are first used.
  public init(_ network: Network) {
    self.network = network
    parameterCount = network.parameterCount
    unsafe total = .allocate(capacity: 1)
    unsafe total.initialize(to: 0)
  }

  deinit { unsafe total.deallocate() }

  /// The loss on `rows`.
  public func loss(
    at parameters: UnsafeBufferPointer<Float>, on rows: LabelledRows
  ) -> Double {
    let executable = programs(rows.rows).loss
    unsafe bind(executable, parameters, rows)
    executable.run()
    return unsafe total.pointee
  }

  /// Writes the gradient of the loss on `rows` to `gradient`.
  ///
  /// - Returns: the loss.
  @discardableResult
  public func gradient(
    at parameters: UnsafeBufferPointer<Float>, on rows: LabelledRows,
    into gradient: UnsafeMutableBufferPointer<Float>
  ) -> Double {
    let executable = programs(rows.rows).gradient
    unsafe bind(executable, parameters, rows)
    unsafe executable.bind(.derivative, to: base(gradient))
    executable.run()
    return unsafe total.pointee
  }

  /// Writes the Hessian of the loss on `rows` times `direction`, exact but for rounding, to `product`.
  public func hessianVectorProduct(
    at parameters: UnsafeBufferPointer<Float>, along direction: UnsafeBufferPointer<Float>,
    on rows: LabelledRows, into product: UnsafeMutableBufferPointer<Float>
  ) {
    let executable = programs(rows.rows).hessianVector
    unsafe bind(executable, parameters, rows)
    unsafe executable.bind(.direction, to: base(direction))
    unsafe executable.bind(.derivative, to: base(product))
    executable.run()
  }

  /// The outputs for `inputs`, `[rows, outputs]`: logits or predicted numbers.
  public func outputs(at parameters: UnsafeBufferPointer<Float>, inputs: Matrix) -> Matrix {
    precondition(
      inputs.columns == network.inputs,
      "a network of \(network.inputs) inputs cannot take \(inputs.columns)")
    let executable = programs(inputs.rows).outputs
    var outputs = Matrix(rows: inputs.rows, columns: network.outputs)
    unsafe executable.bind(.parameters, to: base(parameters))
    unsafe inputs.scalars.withUnsafeBufferPointer { inputs in
      unsafe outputs.scalars.withUnsafeMutableBufferPointer { outputs in
        guard let input = inputs.baseAddress, let output = outputs.baseAddress else { return }
        unsafe executable.bind(.inputs, to: input)
        unsafe executable.bind(.outputs, to: output)
        executable.run()
      }
    }
    return outputs
  }
}

// MARK: Derivatives by the inputs

extension NetworkPrograms {
  /// The derivatives of weighted outputs by the inputs; by those of ``Network/spelledOut`` where there are codes.
  ///
  /// - Parameters:
  ///   - parameters: Those of the network.
  ///   - rows: Examples, codes spelled out, with the weights of their outputs for targets.
  /// - Returns: Of each example those of the sum of its outputs, each times its weight,
  ///   `[rows, inputs]`.
  public func slopes(at parameters: UnsafeBufferPointer<Float>, of rows: LabelledRows) -> Matrix {
    let executable = programs(rows.rows).slopes
    let inputs = network.spelledOut.inputs
    var slopes = Matrix(rows: rows.rows, columns: inputs)
    unsafe bind(executable, parameters, rows, inputs: inputs)
    unsafe slopes.scalars.withUnsafeMutableBufferPointer { slopes in
      guard let base = slopes.baseAddress else { return }
      unsafe executable.bind(.derivative, to: base)
      executable.run()
    }
    return slopes
  }
}

// MARK: Gradients that are remembered

extension NetworkPrograms {
  /// Writes the gradient of the loss on `rows` to `gradient`, and keeps in `pass` what a
  /// Hessian-vector product at the same place needs of it.
  ///
  /// The same bits as without. `pass` grows on its first use with a number of rows.
  ///
  /// - Returns: the loss.
  @discardableResult
  public func gradient(
    at parameters: UnsafeBufferPointer<Float>, on rows: LabelledRows,
    into gradient: UnsafeMutableBufferPointer<Float>, keeping pass: Pass
  ) -> Double {
    let halves = programs(rows.rows).linearised
    pass.hold(halves.keptCount, rows: rows.rows)
    unsafe bind(halves.primal, parameters, rows)
    unsafe halves.primal.bind(.derivative, to: base(gradient))
    unsafe halves.primal.bind(.pass, to: pass.base)
    halves.primal.run()
    return unsafe total.pointee
  }

  /// Writes the Hessian of the loss on `rows` times `direction` to `product`, of the gradient at
  /// `parameters` on the same `rows` that `pass` has been kept of.
  ///
  /// Saves computing that gradient again: about a quarter of the arithmetic.
  public func hessianVectorProduct(
    at parameters: UnsafeBufferPointer<Float>, along direction: UnsafeBufferPointer<Float>,
    on rows: LabelledRows, of pass: Pass, into product: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      pass.rows == rows.rows, "a pass over \(pass.rows) rows is not one over \(rows.rows)")
    let executable = programs(rows.rows).linearised.tangent
    unsafe bind(executable, parameters, rows)
    unsafe executable.bind(.direction, to: base(direction))
    unsafe executable.bind(.derivative, to: base(product))
    unsafe executable.bind(.pass, to: pass.base)
    executable.run()
  }
}

// MARK: Binding

extension NetworkPrograms {
  private func bind(
    _ executable: Executable, _ parameters: UnsafeBufferPointer<Float>, _ rows: LabelledRows,
    inputs: Int? = nil
  ) {
    let inputs = inputs ?? network.inputs
    precondition(
      unsafe rows.inputs.count == rows.rows * inputs
        && rows.targets.count == rows.rows * network.outputs,
      "\(rows.rows) examples do not fit a network of \(inputs) inputs")
    unsafe executable.bind(.parameters, to: base(parameters))
    guard let inputs = unsafe rows.inputs.baseAddress, let targets = unsafe rows.targets.baseAddress
    else { preconditionFailure("examples without memory") }
    unsafe executable.bind(.inputs, to: inputs)
    unsafe executable.bind(.targets, to: targets)
    unsafe UnsafeMutableRawPointer(total).withMemoryRebound(to: Float.self, capacity: 2) {
      unsafe executable.bind(.loss, to: $0)
    }
  }

  private func programs(_ rows: Int) -> RowPrograms {
    if let latest, latest.rows == rows { return latest }
    let programs = known[rows] ?? RowPrograms(network, rows: rows, in: arena)
    known[rows] = programs
    latest = programs
    return programs
  }

  private func base(_ vector: UnsafeBufferPointer<Float>) -> UnsafePointer<Float> {
    guard vector.count == parameterCount, let base = vector.baseAddress else {
      preconditionFailure("a network of \(parameterCount) parameters cannot take \(vector.count)")
    }
    return unsafe base
  }

  private func base(_ vector: UnsafeMutableBufferPointer<Float>) -> UnsafeMutablePointer<Float> {
    guard vector.count == parameterCount, let base = vector.baseAddress else {
      preconditionFailure("a network of \(parameterCount) parameters cannot take \(vector.count)")
    }
    return unsafe base
  }
}
