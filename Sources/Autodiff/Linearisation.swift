/// A directional derivative in two halves: what does not depend on the direction, computed once and
/// kept, and what does, computed for each direction from what was kept.
public struct Linearisation {
  /// The program that was differentiated, which also writes what the other half needs to the tape.
  public let primal: Program
  /// The derivatives along a direction, where the results were; it reads the tape.
  public let tangent: Program
  /// The length of the tape, in entries of `Float`.
  public let keptCount: Int
}

extension Program {
  /// The derivative of the results in `results` along a direction, as ``forward(along:)`` gives it,
  /// split at the values that both the program and its derivative need: those go to `tape`.
  ///
  /// Run at one place, the two halves together compute what the program and its derivative compute
  /// apart, without computing anything twice. Constants are not kept.
  public func linearised(
    of results: Buffer, along directions: [Buffer: Buffer], keeping tape: Buffer
  ) -> Linearisation {
    let derivative = only(results).forward(along: directions)
    var (kept, keptCount) = ([Int: Location](), 0)
    for node in derivative.shared(apartFrom: Set(directions.values)) {
      kept[node] = tape.at(keptCount)
      keptCount += FreeList.aligned(derivative.nodes[node].shape.extent)
    }
    return Linearisation(
      primal: adding(kept, of: derivative), tangent: derivative.reading(kept), keptCount: keptCount)
  }

  /// The nodes that do not depend on `directions` and are needed by some that do.
  private func shared(apartFrom directions: Set<Buffer>) -> [Int] {
    var moves: [Bool] = []
    var isShared = Array(repeating: false, count: nodes.count)
    for node in nodes {
      if case .input(let location) = node.source {
        moves.append(directions.contains(location.buffer))
      } else {
        moves.append(node.operands.contains { moves[$0] })
      }
      guard moves.last == true else { continue }
      for operand in node.operands where !moves[operand] {
        isShared[operand] = !nodes[operand].operands.isEmpty
      }
    }
    return nodes.indices.filter { isShared[$0] }
  }

  /// This program with some nodes of `other` as further results.
  private func adding(_ nodes: [Int: Location], of other: Program) -> Program {
    let trace = Trace()
    let (values, others) = (replayed(in: trace), other.replayed(in: trace))
    let kept = nodes.sorted { $0.key < $1.key }
    return Program(
      trace,
      outputs.map { Result(values[$0.node], at: $0.location) }
        + kept.map { Result(others[$0.key], at: $0.value) })
  }

  /// This program with some nodes read instead of computed.
  private func reading(_ nodes: [Int: Location]) -> Program {
    let trace = Trace()
    let values = replayed(in: trace, reading: nodes)
    return Program(trace, outputs.map { Result(values[$0.node], at: $0.location) })
  }
}
