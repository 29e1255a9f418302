/// A program with a place for every value: results in their buffers, the rest in one arena, where values
/// that are not needed at the same time share memory.
struct Plan {
  /// Where a value is: in the arena (0) or in buffer `base - 1`.
  struct Place: Hashable {
    var base: Int
    var offset: Int

    init(_ location: Location) {
      base = location.buffer.index + 1
      offset = location.offset
    }

    init(arena offset: Int) {
      base = 0
      self.offset = offset
    }
  }

  private(set) var instructions: [Instruction] = []
  /// The arena the program needs, in entries.
  var extent: Int { free.extent }

  private let program: Program
  private let computations: [Computation?]
  private let lastUses: [Int]
  private var places: [Place?]
  private var stretches: [Int: Range<Int>] = [:]
  private var free = FreeList()

  init(_ program: Program) {
    self.program = program
    computations = program.nodes.map { node in
      node.operation?.computation(of: node.operands.map { program.nodes[$0].shape })
    }
    lastUses = Self.lastUses(in: program)
    places = Array(repeating: nil, count: program.nodes.count)
    placeInputsAndResults()
    for index in program.nodes.indices { emit(index) }
    emitRemainingResults()
  }
}

// MARK: Places

extension Plan {
  private static func lastUses(in program: Program) -> [Int] {
    var uses = Array(repeating: -1, count: program.nodes.count)
    for (index, node) in program.nodes.enumerated() {
      for operand in node.operands { uses[operand] = index }
    }
    // Results are needed after the end.
    for output in program.outputs { uses[output.node] = .max }
    return uses
  }

  private mutating func placeInputsAndResults() {
    for (index, node) in program.nodes.enumerated() {
      if case .input(let location) = node.source { places[index] = Place(location) }
    }
    for output in program.outputs where places[output.node] == nil {
      places[output.node] = Place(output.location)
    }
    // What a result is added onto is computed where the result goes.
    for index in program.nodes.indices.reversed() {
      guard let base = base(of: index), let place = places[index], places[base] == nil else {
        continue
      }
      places[base] = place
    }
  }

  /// The operand that a node adds onto, if nobody else needs it.
  private func base(of index: Int) -> Int? {
    guard let position = computations[index]?.accumulatesOnto else { return nil }
    let operands = program.nodes[index].operands
    let base = operands[position]
    let isOwn = lastUses[base] == index && operands.count { $0 == base } == 1
    return isOwn ? base : nil
  }

  private mutating func place(_ index: Int, _ computation: Computation) -> Place {
    if let place = places[index] { return place }
    let place = inherited(index, computation) ?? taken(index, computation)
    places[index] = place
    return place
  }

  /// The place of an operand that ends its life here.
  private mutating func inherited(_ index: Int, _ computation: Computation) -> Place? {
    let operands = computation.worksInPlace ? program.nodes[index].operands : []
    let heirs = base(of: index).map { [$0] } ?? operands
    for operand in heirs where lastUses[operand] == index {
      guard program.nodes[operand].shape == computation.shape,
        let stretch = stretches.removeValue(forKey: operand)
      else { continue }
      stretches[index] = stretch
      return Place(arena: stretch.lowerBound)
    }
    return nil
  }

  private mutating func taken(_ index: Int, _ computation: Computation) -> Place {
    let stretch = free.take(computation.shape.extent)
    stretches[index] = stretch
    return Place(arena: stretch.lowerBound)
  }

  private mutating func release(_ operands: [Int], at index: Int) {
    for operand in operands where lastUses[operand] == index {
      if let stretch = stretches.removeValue(forKey: operand) { free.give(stretch) }
    }
  }
}

// MARK: Instructions

extension Plan {
  private mutating func emit(_ index: Int) {
    guard let computation = computations[index] else { return }
    let node = program.nodes[index]
    let result = place(index, computation)
    let operands = node.operands.compactMap { places[$0] }
    if let base = computation.accumulatesOnto, operands[base] != result {
      copy(node.shape, from: operands[base], to: result)
    }
    instructions.append(Instruction(computation, operands, result))
    release(node.operands, at: index)
  }

  private mutating func emitRemainingResults() {
    for output in program.outputs {
      guard let place = places[output.node], place != Place(output.location) else { continue }
      copy(program.nodes[output.node].shape, from: place, to: Place(output.location))
    }
  }

  private mutating func copy(_ shape: Shape, from source: Place, to target: Place) {
    let computation = Scale(factor: 1).computation(of: [shape])
    instructions.append(Instruction(computation, [source], target))
  }
}
