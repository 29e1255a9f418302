/// Records a program while ordinary Swift computes with ``Traced`` values.
///
/// What is recorded twice is kept once: the same operation on the same operands is the same value.
public final class Trace {
  private(set) var nodes: [Node] = []
  private var known: [Node: Int] = [:]

  init() {}

  /// An array that a run finds at `location`.
  public func input(at location: Location, _ shape: Shape) -> Traced {
    append(Node(source: .input(location), operands: [], shape: shape))
  }

  /// The value of `operation` on `operands`.
  public func value(of operation: some Operation, on operands: Traced...) -> Traced {
    value(of: operation, on: operands)
  }

  func value(of operation: any Operation, on operands: [Traced]) -> Traced {
    let shape = operation.computation(of: operands.map(\.shape)).shape
    let source = Node.Source.operation(AnyOperation(operation))
    return append(Node(source: source, operands: operands.map(\.index), shape: shape))
  }

  func append(_ node: Node) -> Traced {
    if let index = known[node] { return Traced(trace: self, index: index) }
    nodes.append(node)
    known[node] = nodes.count - 1
    return Traced(trace: self, index: nodes.count - 1)
  }
}

/// A value in a program that is being recorded.
public struct Traced {
  /// Where it is recorded.
  public let trace: Trace
  let index: Int

  /// Its shape.
  public var shape: Shape { trace.nodes[index].shape }

  /// The operation it comes from, if it is one of type `Kind`, and the operands of that.
  func origin<Kind: Operation>(_: Kind.Type) -> (operation: Kind, operands: [Traced])? {
    let node = trace.nodes[index]
    guard let operation = node.operation as? Kind else { return nil }
    return (operation, node.operands.map { Traced(trace: trace, index: $0) })
  }
}

/// One step of a program.
struct Node: Hashable {
  enum Source: Hashable {
    case input(Location)
    case operation(AnyOperation)
  }

  var source: Source
  var operands: [Int]
  var shape: Shape

  var operation: (any Operation)? {
    if case .operation(let erased) = source { erased.operation } else { nil }
  }
}

/// An operation of any kind, comparable with others.
struct AnyOperation: Hashable {
  let operation: any Operation

  init(_ operation: any Operation) { self.operation = operation }

  static func == (left: Self, right: Self) -> Bool {
    AnyHashable(left.operation) == AnyHashable(right.operation)
  }

  func hash(into hasher: inout Hasher) { operation.hash(into: &hasher) }
}
