/// A recorded computation: inputs in buffers, operations, results in buffers.
///
/// Differentiation maps programs to programs (``reversed(from:with:into:)``, ``forward(along:)``), so it
/// can be repeated: an exact Hessian-vector product is the forward derivative of a gradient.
///
///     let loss = Program.trace { trace in
///       let x = trace.input(at: input.at(0), Shape(1, 3))
///       return [Result(x.squared().total(), at: output.at(0))]
///     }
public struct Program {
  /// A value and where a run writes it.
  public struct Result {
    let value: Traced
    /// Where it goes.
    public let location: Location

    /// `value`, written to `location`.
    public init(_ value: Traced, at location: Location) {
      self.value = value
      self.location = location
    }
  }

  struct Output: Hashable {
    var node: Int
    var location: Location
  }

  var nodes: [Node]
  var outputs: [Output]

  /// Records what `body` computes.
  public static func trace(_ body: (Trace) -> [Result]) -> Program {
    let trace = Trace()
    return Program(trace, body(trace))
  }

  init(_ trace: Trace, _ results: [Result]) {
    nodes = trace.nodes
    outputs = results.map { Output(node: $0.value.index, location: $0.location) }
    removeDeadNodes()
  }

  /// The program with only the results that go to `buffer`.
  public func only(_ buffer: Buffer) -> Program {
    var kept = self
    kept.outputs.removeAll { $0.location.buffer != buffer }
    kept.removeDeadNodes()
    return kept
  }

  /// The number of operations a run executes at most.
  public var operationCount: Int { nodes.count { $0.operation != nil } }

  /// The numbers of buffers go up to this, exclusive.
  var bufferCount: Int {
    let inputs = nodes.compactMap { node -> Int? in
      if case .input(let location) = node.source { location.buffer.index } else { nil }
    }
    return (inputs + outputs.map(\.location.buffer.index)).reduce(0) { max($0, $1 + 1) }
  }
}

// MARK: Simplification

extension Program {
  /// Removes what no result depends on.
  private mutating func removeDeadNodes() {
    var isNeeded = Array(repeating: false, count: nodes.count)
    for output in outputs { isNeeded[output.node] = true }
    for index in nodes.indices.reversed() where isNeeded[index] {
      for operand in nodes[index].operands { isNeeded[operand] = true }
    }
    var place = Array(repeating: 0, count: nodes.count)
    var kept: [Node] = []
    for index in nodes.indices where isNeeded[index] {
      place[index] = kept.count
      var node = nodes[index]
      node.operands = node.operands.map { place[$0] }
      kept.append(node)
    }
    nodes = kept
    outputs = outputs.map { Output(node: place[$0.node], location: $0.location) }
  }

  /// Records every node again in `trace` and gives the values in order; those with a location in
  /// `known` are read there instead.
  func replayed(in trace: Trace, reading known: [Int: Location] = [:]) -> [Traced] {
    var values: [Traced] = []
    values.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      var copy = node
      copy.operands = node.operands.map { values[$0].index }
      if let location = known[index] {
        copy = Node(source: .input(location), operands: [], shape: node.shape)
      }
      values.append(trace.append(copy))
    }
    return values
  }
}
