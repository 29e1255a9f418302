import Models

/// Gradient steps of a network's head on features of the support set, and the way back through them.
///
/// It allocates when a support set is larger than all before.
final class HeadDescent {
  /// Whether there are layers before the head.
  var hasBody: Bool { body != nil }
  /// The head after all steps.
  var end: [Float] { points[inner.steps] }

  private let inner: InnerLoop
  private let body: BodyPrograms?
  private let width: Int
  private let programs: NetworkPrograms
  private var points: [[Float]]
  private var adjoint: [Float]
  private var direction: [Float]
  private var product: [Float]
  private var features: [Float] = []
  private var mixed: [Float] = []
  private var gathered: [Float] = []

  init(_ network: Network, inner: InnerLoop) {
    self.inner = inner
    body = network.layers.isEmpty ? nil : BodyPrograms(network)
    let head = network.headAlone
    width = head.inputs
    programs = NetworkPrograms(head)
    let zeros = [Float].zeros(head.parameterCount)
    points = Array(repeating: zeros, count: inner.steps + 1)
    (adjoint, direction, product) = (zeros, zeros, zeros)
  }

  /// Takes all steps, from the head that is at `head` in the parameters.
  func descend(from parameters: [Float], _ head: Range<Int>, on support: PreparedExamples) {
    points[0].take(parameters, from: head.lowerBound)
    writeFeatures(at: parameters, of: support)
    for step in 0..<inner.steps {
      let here = points[step]
      withFeatures(of: support) { programs.gradient(at: here, on: $0, into: &product) }
      points[step + 1].update(here, product) { [rate = inner.rate] _, here, gradient in
        here - rate * gradient
      }
    }
  }

  /// Pulls the derivative by the head back through all steps, and gathers what the features get of it.
  func pullBack(
    _ gradient: inout [Float], _ head: Range<Int>, on support: PreparedExamples
  ) {
    adjoint.take(gradient, from: head.lowerBound)
    let count = support.count * width
    gathered.fill(0)
    for step in (0..<inner.steps).reversed() {
      let here = points[step]
      direction.update(adjoint) { [rate = inner.rate] in rate * $1 }
      withFeatures(of: support) { rows in
        multiply(at: here, on: rows)
        if let body { gather(at: here, on: rows, count, body) }
      }
      adjoint.update(product) { $0 - $1 }
    }
    gradient.put(adjoint, at: head.lowerBound)
  }

  /// Overwrites the body's places in `gradient` with what the gathered derivative by the features comes to.
  func pullBackBody(
    at parameters: [Float], of support: PreparedExamples, into gradient: inout [Float]
  ) {
    unsafe gathered.withUnsafeBufferPointer { gathered in
      unsafe parameters.withUnsafeBufferPointer { parameters in
        unsafe gradient.withUnsafeMutableBufferPointer { gradient in
          support.withRows { rows in
            let own = unsafe UnsafeBufferPointer(rebasing: gathered[0..<rows.rows * width])
            unsafe body?.pullBack(own, at: parameters, of: rows, into: gradient)
          }
        }
      }
    }
  }
}

// MARK: Features

extension HeadDescent {
  private func writeFeatures(at parameters: [Float], of support: PreparedExamples) {
    let count = support.count * width
    if features.count < count {
      features = .zeros(count)
      (mixed, gathered) = (features, features)
    }
    unsafe features.withUnsafeMutableBufferPointer { features in
      unsafe parameters.withUnsafeBufferPointer { parameters in
        support.withRows { rows in
          let own = unsafe UnsafeMutableBufferPointer(rebasing: features[0..<count])
          guard let body else { return unsafe _ = own.update(fromContentsOf: rows.inputs) }
          unsafe body.features(at: parameters, of: rows, into: own)
        }
      }
    }
  }

  /// Lends the features with the targets of their examples.
  private func withFeatures(of support: PreparedExamples, _ body: (LabelledRows) -> Void) {
    // A local reference, so that the body may change the other vectors.
    let features = features
    unsafe features.withUnsafeBufferPointer { features in
      support.withRows { rows in
        let own = unsafe UnsafeBufferPointer(rebasing: features[0..<rows.rows * width])
        unsafe body(LabelledRows(inputs: own, targets: rows.targets, rows: rows.rows))
      }
    }
  }

  private func multiply(at here: [Float], on rows: LabelledRows) {
    unsafe here.withUnsafeBufferPointer { here in
      unsafe direction.withUnsafeBufferPointer { direction in
        unsafe product.withUnsafeMutableBufferPointer { product in
          unsafe programs.hessianVectorProduct(
            at: here, along: direction, on: rows, into: product)
        }
      }
    }
  }

  private func gather(
    at here: [Float], on rows: LabelledRows, _ count: Int, _ body: BodyPrograms
  ) {
    unsafe here.withUnsafeBufferPointer { here in
      unsafe direction.withUnsafeBufferPointer { direction in
        unsafe mixed.withUnsafeMutableBufferPointer { mixed in
          let own = unsafe UnsafeMutableBufferPointer(rebasing: mixed[0..<count])
          unsafe body.mixedProduct(at: here, along: direction, of: rows, into: own)
        }
      }
    }
    gathered.update(in: 0..<count, mixed) { $0 + $1 }
  }
}
