import Autodiff
import Glibc
import Tensors
import Testing

struct ProgramTests {
  private let shape = Shape(4, 6)

  private func program(_ function: (Traced) -> Traced) -> Program {
    Program.trace { trace in
      [.init(function(trace.input(at: Buffer.x.at(0), shape)), at: Buffer.total.at(0))]
    }
  }

  @Test("the same computation is recorded once")
  func commonSubexpressions() {
    let once = program { $0.tanh().total() }
    let twice = program { ($0.tanh() + $0.tanh()).total() }
    #expect(twice.operationCount == once.operationCount + 1)
  }

  @Test("what no result needs is left out")
  func deadCode() {
    let lean = program { $0.tanh().total() }
    let fat = program { x in
      _ = x.gelu().product(x, true, false)
      return x.tanh().total()
    }
    #expect(fat.operationCount == lean.operationCount)
  }

  @Test("the second derivative of relu costs nothing and is zero")
  func reluCurvature() {
    let curvature = program { $0.relu().total() }
      .reversed(from: Buffer.total.at(0), with: .x, into: .result).only(.result)
      .forward(along: [.x: .v])
    #expect(curvature.operationCount == 1)
    let inputs: [Buffer: [Float]] = [
      .x: Array(repeating: 1, count: 24), .v: Array(repeating: 1, count: 24),
    ]
    #expect(evaluate(curvature, inputs, results: 24).result == Array(repeating: 0, count: 24))
  }

  @Test(
    "forward mode can be repeated: five derivatives of tanh and gelu agree with differences",
    arguments: [true, false])
  func repeated(isTanh: Bool) {
    var derivative = program { (isTanh ? $0.tanh() : $0.gelu()).total() }
    for _ in 0..<5 {
      let next = derivative.forward(along: [.x: .v])
      for x: Float in [-1.25, -0.5, 0.25, 0.75, 2] {
        func value(_ program: Program, _ x: Float) -> Double {
          let input = [x] + Array(repeating: Float(0), count: 23)
          let direction = [1] + Array(repeating: Float(0), count: 23)
          return evaluate(program, [.x: input, .v: direction]).total
        }
        let difference = (value(derivative, x + 1 / 128) - value(derivative, x - 1 / 128)) * 64
        #expect(abs(value(next, x) - difference) < 6e-3 * max(1, abs(difference)))
      }
      derivative = next
    }
  }

  @Test("a value may be several results, and an input may be a result")
  func sharedResults() {
    let program = Program.trace { trace in
      let x = trace.input(at: Buffer.x.at(0), Shape(1, 2))
      let y = x.tanh()
      return [
        .init(y, at: Buffer.result.at(0)), .init(y, at: Buffer.result.at(2)),
        .init(x, at: Buffer.result.at(4)), .init(y + x, at: Buffer.result.at(6)),
      ]
    }
    let result = evaluate(program, [.x: [0.5, -1]], results: 8).result
    #expect(Array(result[0..<2]) == Array(result[2..<4]))
    #expect(Array(result[4..<6]) == [0.5, -1])
    #expect(Array(result[6..<8]) == [result[0] + 0.5, result[1] - 1])
  }

  @Test("a sum of products may use its terms elsewhere")
  func sharedTerms() {
    let program = Program.trace { trace in
      let x = trace.input(at: Buffer.x.at(0), Shape(2, 2))
      let square = x.product(x)
      let sum = square + x.product(x, true, false) + x
      return [.init(sum, at: Buffer.result.at(0)), .init(square, at: Buffer.result.at(4))]
    }
    let result = evaluate(program, [.x: [1, 2, 3, 4]], results: 8).result
    #expect(result == [18, 26, 32, 46, 7, 10, 15, 22])
  }

  @Test("totals are kept in Double through sums and factors")
  func totals() {
    let program = Program.trace { trace in
      let x = trace.input(at: Buffer.x.at(0), Shape(1, 3))
      let total = x.total().scaled(by: 0.5) + x.squared().total()
      return [.init(total, at: Buffer.total.at(0))]
    }
    // In Float 2^-13 would be lost beside 2^12.
    let total = evaluate(program, [.x: [64, 0x1p-13, 0]]).total
    #expect(total == 32 + 0x1p-14 + 4096 + 0x1p-26)
  }
}

struct LinearisationTests {
  private let inputs: [Buffer: [Float]]

  init() {
    var random = RandomStream(seed: 4)
    inputs = [
      .x: normals(25, &random), .y: normals(25, &random), .v: normals(25, &random),
      .w: Array(repeating: 0, count: 1024),
    ]
  }

  /// A gradient of products and curved functions.
  private func gradient(into buffer: Buffer) -> Program {
    Program.trace { trace in
      let x = trace.input(at: Buffer.x.at(0), Shape(5, 5))
      let y = trace.input(at: Buffer.y.at(0), Shape(5, 5))
      let h = (x.product(y) + x).tanh().product(x).gelu()
      return [.init((h.softmax() * y).total(), at: Buffer.total.at(0))]
    }.reversed(from: Buffer.total.at(0), with: .x, into: buffer)
  }

  @Test("a derivative in two halves has the bits of the whole")
  func halves() {
    let whole = gradient(into: .result).only(.result).forward(along: [.x: .v])
    let halves = gradient(into: .result).linearised(
      of: .result, along: [.x: .v], keeping: .w)
    // The first half with its results the other way round, to see the tape.
    let first = gradient(into: .w).linearised(of: .w, along: [.x: .v], keeping: .result).primal
    var inputs = inputs
    inputs[.w] = evaluate(first, inputs, results: halves.keptCount).result
    let expected = evaluate(whole, inputs, results: 25).result
    #expect(evaluate(halves.tangent, inputs, results: 25).result == expected)
    #expect(halves.tangent.operationCount < whole.operationCount)
  }

  @Test("keeping changes no bit of what is kept from")
  func keeping() {
    let plain = gradient(into: .result)
    let keeping = plain.linearised(of: .result, along: [.x: .v], keeping: .w).primal
    #expect(evaluate(keeping, inputs, results: 25) == evaluate(plain, inputs, results: 25))
  }

  @Test("constants are not kept, and what does not curve leaves nothing to keep")
  func flat() {
    let flat = Program.trace { trace in
      let x = trace.input(at: Buffer.x.at(0), Shape(5, 5))
      return [.init(x.scaled(by: 3).total(), at: Buffer.total.at(0))]
    }.reversed(from: Buffer.total.at(0), with: .x, into: .result)
    let halves = flat.linearised(of: .result, along: [.x: .v], keeping: .w)
    #expect(halves.keptCount == 0)
    #expect(evaluate(halves.tangent, inputs, results: 25).result == Array(repeating: 0, count: 25))
  }
}

struct PlanTests {
  private func chain(_ depth: Int) -> Program {
    Program.trace { trace in
      var x = trace.input(at: Buffer.x.at(0), Shape(32, 32))
      for _ in 0..<depth { x = x.product(x).tanh() }
      return [.init(x.total(), at: Buffer.total.at(0))]
    }
  }

  @Test("a chain takes two places, however long it is")
  func reuse() {
    let (short, long) = (Arena(), Arena())
    _ = Executable(chain(3), in: short)
    _ = Executable(chain(50), in: long)
    #expect(long.bytes == short.bytes)
    #expect(long.bytes < 3 * 32 * 32 * 4)
  }

  @Test("programs of one arena do not disturb each other")
  func sharedArena() {
    var random = RandomStream(seed: 3)
    let inputs: [Buffer: [Float]] = [.x: normals(1024, &random).map { $0 / 8 }]
    let arena = Arena()
    let alone = [2, 5].map { evaluate(chain($0), inputs).total }
    let together = [2, 5, 2, 5].map { evaluate(chain($0), inputs, in: arena).total }
    #expect(together == alone + alone)
  }
}
