extension Program {
  /// The gradient of the total at `location` with respect to everything read from `variables`.
  ///
  /// The new program has the results of this one, and the gradient in `gradient`, entry by entry where
  /// the variables are in theirs. Entries of `variables` that are not read get no gradient.
  ///
  /// - Precondition: the result at `location` is a total.
  public func reversed(
    from location: Location, with variables: Buffer, into gradient: Buffer
  ) -> Program {
    let trace = Trace()
    let values = replayed(in: trace)
    let adjoints = adjoints(from: location, values)
    var results = outputs.map { Result(values[$0.node], at: $0.location) }
    for (index, node) in nodes.enumerated() {
      guard case .input(let place) = node.source, place.buffer == variables else { continue }
      let adjoint = adjoints[index] ?? trace.filled(0, node.shape)
      results.append(Result(adjoint, at: gradient.at(place.offset)))
    }
    return Program(trace, results)
  }

  private func adjoints(from location: Location, _ values: [Traced]) -> [Traced?] {
    guard let output = outputs.first(where: { $0.location == location }),
      nodes[output.node].shape == .total
    else { preconditionFailure("a gradient starts from a total, and none goes to \(location)") }
    var adjoints: [Traced?] = Array(repeating: nil, count: nodes.count)
    adjoints[output.node] = values[output.node].trace.filled(1, .total)
    for index in nodes.indices.reversed() {
      guard let adjoint = adjoints[index], let operation = nodes[index].operation else { continue }
      let operands = nodes[index].operands
      let parts = operation.adjoints(
        of: adjoint, at: operands.map { values[$0] }, value: values[index])
      for case (let operand, let part?) in zip(operands, parts) {
        adjoints[operand] = adjoints[operand].map { $0 + part } ?? part
      }
    }
    return adjoints
  }
}
