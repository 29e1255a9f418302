/// Folds sums of matrix products into products that add to what is there already.
///
/// A sum of terms becomes the combination of its other terms first, and then one product after another
/// on top: BLAS adds while it multiplies.
struct Fusion {
  private let program: Program
  private let isAbsorbed: [Bool]
  private let trace = Trace()
  private var values: [Traced?]

  init(_ program: Program) {
    self.program = program
    isAbsorbed = Self.absorbed(in: program)
    values = Array(repeating: nil, count: program.nodes.count)
  }

  /// The same program with its sums of products folded.
  mutating func fused() -> Program {
    for (index, node) in program.nodes.enumerated() where !isAbsorbed[index] {
      if Self.isLinear(node) {
        values[index] = sum(of: terms(of: index, times: 1, isRoot: true))
      } else {
        var copy = node
        copy.operands = node.operands.map { value($0).index }
        values[index] = trace.append(copy)
      }
    }
    return Program(
      trace, program.outputs.map { Program.Result(value($0.node), at: $0.location) })
  }

  private func value(_ index: Int) -> Traced {
    guard let value = values[index] else {
      preconditionFailure("node \(index) is needed before it has been recorded")
    }
    return value
  }
}

// MARK: Terms

extension Fusion {
  private struct Term {
    var factor: Float
    var node: Int
  }

  /// The terms of a sum, down through the sums that only it uses.
  private func terms(of index: Int, times factor: Float, isRoot: Bool = false) -> [Term] {
    let node = program.nodes[index]
    guard isRoot || isAbsorbed[index] else { return [Term(factor: factor, node: index)] }
    switch node.operation {
    case let scale as Scale:
      return terms(of: node.operands[0], times: factor * scale.factor)
    case let sum as LinearCombination:
      return terms(of: node.operands[0], times: factor * sum.a)
        + terms(of: node.operands[1], times: factor * sum.b)
    default:
      return [Term(factor: factor, node: index)]
    }
  }

  private func sum(of terms: [Term]) -> Traced {
    var sum: Traced?
    for term in terms where !isAbsorbed[term.node] {
      let value = value(term.node)
      sum = sum.map { $0.combined(1, value, term.factor) } ?? value.scaled(by: term.factor)
    }
    for term in terms where isAbsorbed[term.node] {
      sum = product(term, onto: sum)
    }
    guard let sum else { preconditionFailure("a sum has at least one term") }
    return sum
  }

  private func product(_ term: Term, onto base: Traced?) -> Traced {
    let node = program.nodes[term.node]
    guard var product = node.operation as? Product else {
      preconditionFailure("only products are folded into sums")
    }
    product.factor *= term.factor
    let operands = node.operands.map { value($0) } + (base.map { [$0] } ?? [])
    return trace.value(of: product, on: operands)
  }

  /// Which nodes disappear in a sum: those that only one sum uses.
  private static func absorbed(in program: Program) -> [Bool] {
    var users = Array(repeating: 0, count: program.nodes.count)
    var isInSum = Array(repeating: false, count: program.nodes.count)
    for node in program.nodes {
      for operand in node.operands {
        users[operand] += 1
        isInSum[operand] = isLinear(node)
      }
    }
    for output in program.outputs { users[output.node] += 2 }
    return program.nodes.indices.map { index in
      let node = program.nodes[index]
      let isPlainProduct = node.operation is Product && node.operands.count == 2
      return users[index] == 1 && isInSum[index] && (isLinear(node) || isPlainProduct)
    }
  }

  private static func isLinear(_ node: Node) -> Bool {
    !node.shape.isTotal && (node.operation is Scale || node.operation is LinearCombination)
  }
}
