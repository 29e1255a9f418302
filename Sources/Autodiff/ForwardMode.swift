extension Program {
  /// The derivative of every result along a direction: a Jacobian-vector product.
  ///
  /// The results of the new program are the derivatives, where the results were. `directions` gives, for
  /// each buffer that moves, the buffer that says where to, entry by entry; all others stand still.
  public func forward(along directions: [Buffer: Buffer]) -> Program {
    let trace = Trace()
    let values = replayed(in: trace)
    var tangents: [Traced?] = []
    for (node, value) in zip(nodes, values) {
      tangents.append(tangent(of: node, value, values, tangents, directions))
    }
    let results = outputs.map { output in
      let tangent = tangents[output.node] ?? trace.filled(0, nodes[output.node].shape)
      return Result(tangent, at: output.location)
    }
    return Program(trace, results)
  }

  private func tangent(
    of node: Node, _ value: Traced, _ values: [Traced], _ tangents: [Traced?],
    _ directions: [Buffer: Buffer]
  ) -> Traced? {
    switch node.source {
    case .input(let location):
      return directions[location.buffer].map {
        value.trace.input(at: $0.at(location.offset), node.shape)
      }
    case .operation(let erased):
      let along = node.operands.map { tangents[$0] }
      guard along.contains(where: { $0 != nil }) else { return nil }
      return erased.operation.tangent(
        along: along, at: node.operands.map { values[$0] }, value: value)
    }
  }
}
