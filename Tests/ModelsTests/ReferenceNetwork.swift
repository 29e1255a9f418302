import Glibc
import Models

/// The loss of a network in `Double`, straight from the definitions: what the programs are held against.
struct ReferenceNetwork {
  let network: Network

  func outputs(_ parameters: [Double], _ input: [Double]) -> [Double] {
    var rest = parameters.dropLast(network.context)
    var context = Array(parameters.suffix(network.context))
    var x = Example(input.dropLast(network.categories?.levels.count ?? 0), network.time)
    x.codes = input.suffix(network.categories?.levels.count ?? 0).map { Int($0) }
    let last = Layer.dense(Dense(units: network.outputs, activation: .identity))
    for layer in network.layers + [last] {
      if case .dense = layer {
        x.others += context
        context = []
      }
      x = value(of: layer, x, &rest)
    }
    return x.all
  }

  func loss(_ parameters: [Double], _ inputs: [[Double]], _ targets: [[Double]]) -> Double {
    let losses = zip(inputs, targets).map { input, target in
      loss(of: outputs(parameters, input), target)
    }
    return losses.reduce(0, +) / Double(inputs.count) + penalty(parameters)
  }

  private func penalty(_ parameters: [Double]) -> Double {
    let weights = zip(network.parameterTensors, network.tensors).filter { tensor, _ in
      ["bias", "gain", "offset"].allSatisfy { !tensor.name.hasSuffix($0) }
    }
    let sum = weights.reduce(0) { sum, weight in
      sum + parameters[weight.1].reduce(0) { $0 + $1 * $1 }
    }
    return Double(network.l2) / 2 * sum
  }

  private func value(of activation: Activation, at x: Double) -> Double {
    switch activation {
    case .relu: max(x, 0)
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .gelu: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .identity: x
    }
  }

  private func loss(of z: [Double], _ y: [Double]) -> Double {
    switch network.loss {
    case .softmaxCrossEntropy:
      log(z.reduce(0) { $0 + exp($1) }) - zip(z, y).reduce(0) { $0 + $1.0 * $1.1 }
    case .binaryCrossEntropy:
      zip(z, y).reduce(0) { $0 + log(1 + exp($1.0)) - $1.0 * $1.1 } / Double(z.count)
    case .meanSquaredError:
      zip(z, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(z.count)
    }
  }
}

// MARK: Layers

/// What goes from layer to layer for an example: the numbers of each step, and the others.
struct Example {
  var steps: [[Double]] = []
  var others: [Double]
  var codes: [Int] = []

  var all: [Double] { steps.flatMap(\.self) + others }

  init(steps: [[Double]] = [], _ others: [Double]) {
    self.steps = steps
    self.others = others
  }

  init(_ input: some Collection<Double>, _ time: TimeAxis?) {
    let input = Array(input)
    others = input
    guard let time else { return }
    let end = time.first + time.steps * time.channels
    let steps = stride(from: time.first, to: end, by: time.channels).map {
      Array(input[$0..<$0 + time.channels])
    }
    self.steps = time.isLatestFirst ? steps.reversed() : steps
    others.removeSubrange(time.first..<end)
  }

  /// The same numbers of other values.
  func with(_ all: [Double]) -> Example {
    var (rest, copy) = (all[...], self)
    copy.steps = steps.map { step in
      defer { rest = rest.dropFirst(step.count) }
      return Array(rest.prefix(step.count))
    }
    copy.others = Array(rest)
    return copy
  }
}

extension ReferenceNetwork {
  /// What a layer makes of an example; its parameters are the first of those that are left.
  private func value(
    of layer: Layer, _ x: Example, _ rest: inout ArraySlice<Double>
  ) -> Example {
    switch layer {
    case .dense(let dense):
      let map = Affine(x.all.count, dense.units, &rest)
      return Example(map(x.all).map { value(of: dense.activation, at: $0) })
    case .normalisation: return x.with(normalised(x.all, &rest))
    case .residual(let layers):
      let inner = layers.reduce(x) { value(of: $1, $0, &rest) }.all
      return x.with(zip(x.all, inner).map { $0 + $1 })
    case .convolution(let layer): return convolved(x, layer, &rest)
    case .recurrent(let layer): return recurrent(x, layer, &rest)
    case .embedding(let layer): return embedded(x, layer, &rest)
    }
  }

  private func normalised(_ x: [Double], _ rest: inout ArraySlice<Double>) -> [Double] {
    let (gains, offsets) = (rest.take(x.count), rest.take(x.count))
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    return x.indices.map {
      (x[$0] - mean) / (variance + Double(Float(1e-5))).squareRoot() * gains[$0] + offsets[$0]
    }
  }

  private func embedded(
    _ x: Example, _ layer: Embedding, _ rest: inout ArraySlice<Double>
  ) -> Example {
    let table = rest.take(layer.width * (network.categories?.codes ?? 0))
    let vectors = x.codes.flatMap { table[$0 * layer.width..<($0 + 1) * layer.width] }
    return Example(steps: x.steps, x.others + vectors)
  }

  private func convolved(
    _ x: Example, _ layer: Convolution, _ rest: inout ArraySlice<Double>
  ) -> Example {
    let filter = Affine(layer.width * x.steps[0].count, layer.channels, &rest)
    let found = (0...x.steps.count - layer.width).map { start in
      filter(x.steps[start..<start + layer.width].flatMap(\.self)).map {
        value(of: layer.activation, at: $0)
      }
    }
    guard let pool = layer.pool else { return Example(steps: found, x.others) }
    let window = layer.window ?? found.count
    let pooled = stride(from: 0, to: found.count, by: window).map { start in
      let steps = found[start..<min(start + window, found.count)]
      return (0..<layer.channels).map { channel in
        let numbers = steps.map { $0[channel] }
        return pool == .max
          ? numbers.max() ?? .nan : numbers.reduce(0, +) / Double(numbers.count)
      }
    }
    return layer.window == nil
      ? Example(pooled.flatMap(\.self) + x.others) : Example(steps: pooled, x.others)
  }

  private func recurrent(
    _ x: Example, _ layer: GatedRecurrentUnit, _ rest: inout ArraySlice<Double>
  ) -> Example {
    let n = layer.units
    let driven = Affine(x.steps[0].count, 3 * n, &rest)
    let gates = Affine(weights: rest.take(n * 2 * n), biases: Array(repeating: 0, count: 2 * n))
    let candidate = Affine(weights: rest.take(n * n), biases: Array(repeating: 0, count: n))
    var (state, states) = ([Double](repeating: 0, count: n), [[Double]]())
    for step in x.steps {
      let (own, back, new) = (driven(step), gates(state), candidate(state))
      state = (0..<n).map { i in
        let kept = value(of: .sigmoid, at: own[i] + back[i])
        let reset = value(of: .sigmoid, at: own[n + i] + back[n + i])
        return (1 - kept) * tanh(own[2 * n + i] + reset * new[i]) + kept * state[i]
      }
      states.append(state)
    }
    return layer.givesAllStates ? Example(steps: states, x.others) : Example(state + x.others)
  }
}

/// An affine map with weights `[inputs, outputs]`.
private struct Affine {
  let weights: [Double]
  let biases: [Double]

  init(weights: [Double], biases: [Double]) {
    self.weights = weights
    self.biases = biases
  }

  init(_ inputs: Int, _ outputs: Int, _ rest: inout ArraySlice<Double>) {
    self.init(weights: rest.take(inputs * outputs), biases: rest.take(outputs))
  }

  func callAsFunction(_ x: [Double]) -> [Double] {
    biases.indices.map { output in
      x.indices.reduce(biases[output]) { $0 + x[$1] * weights[$1 * biases.count + output] }
    }
  }
}

extension ArraySlice<Double> {
  /// The first so many, which are then gone.
  fileprivate mutating func take(_ count: Int) -> [Double] {
    defer { self = dropFirst(count) }
    return Array(prefix(count))
  }
}
