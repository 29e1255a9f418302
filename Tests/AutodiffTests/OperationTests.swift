import Autodiff
import Tensors
import Testing

/// A function of two arrays under test.
struct Case: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let left: Shape
  let right: Shape
  let function: @Sendable (Traced, Traced) -> Traced

  init(
    _ name: String, _ left: Shape = Shape(5, 7), _ right: Shape = Shape(5, 7),
    _ function: @escaping @Sendable (Traced, Traced) -> Traced
  ) {
    testDescription = name
    self.left = left
    self.right = right
    self.function = function
  }

  static let all: [Case] = [
    Case("sum") { $0 + $1 },
    Case("difference") { $0 - $1 },
    Case("scaled sum") { $0.scaled(by: 3) + $1.scaled(by: -0.5) },
    Case("product by entries") { $0 * $1 },
    Case("square") { $0.squared() + $1 },
    Case("relu") { ($0 * $1).relu() },
    Case("tanh") { ($0 * $1).tanh() },
    Case("sigmoid") { ($0 * $1).sigmoid() },
    Case("inverse root") { x, y in
      (x.squared() + y.squared() + x.trace.filled(1, x.shape)).inverseRoot()
    },
    Case("softplus") { ($0 * $1).softplus() },
    Case("gelu") { ($0 * $1).gelu() },
    Case("softmax") { ($0 * $1).softmax() },
    Case("log sum exp") { ($0 * $1).logSumExp() },
    Case("column sums") { ($0 * $1).columnSums() },
    Case("row sums") { ($0 * $1).rowSums() },
    Case("repeated down", Shape(1, 7), Shape(1, 7)) { ($0 * $1).repeatedDown(4) },
    Case("repeated across", Shape(5, 1), Shape(5, 1)) { ($0 * $1).repeatedAcross(4) },
    Case("product", Shape(5, 3), Shape(3, 7)) { $0.product($1) },
    Case("product, left transposed", Shape(3, 5), Shape(3, 7)) { $0.product($1, true, false) },
    Case("product, right transposed", Shape(5, 3), Shape(7, 3)) { $0.product($1, false, true) },
    Case("product, both transposed", Shape(3, 5), Shape(7, 3)) { $0.product($1, true, true, 2) },
    Case("product with a column", Shape(5, 3), Shape(3, 1)) { $0.product($1) },
    Case("product with a column, transposed", Shape(3, 5), Shape(1, 3)) {
      $0.product($1, true, true)
    },
    Case("product with a row", Shape(1, 3), Shape(3, 9)) { $0.product($1) },
    Case("product with a row, transposed", Shape(3, 1), Shape(9, 3)) { $0.product($1, true, true) },
    Case("product of column and row", Shape(5, 1), Shape(9, 1)) { $0.product($1, false, true) },
    Case("columns") { ($0 * $1).columns(2..<6) },
    Case("windows that overlap") { ($0 * $1).windows(of: 3, every: 2) },
    Case("windows with a rest") { ($0 * $1).windows(of: 2, every: 3) },
    Case("joined rows", Shape(6, 4), Shape(6, 4)) { ($0 * $1).joined(3) },
    Case("side by side", Shape(4, 3), Shape(4, 5)) { ($0 * $0).beside([$1 * $1]) },
    Case("mean pooled", Shape(3, 14), Shape(3, 14)) { ($0 * $1).meanPooled(7, by: 3) },
    Case("maximum pooled", Shape(3, 14), Shape(3, 14)) { ($0 * $1).maxPooled(7, by: 3) },
    Case("all steps pooled", Shape(3, 14), Shape(3, 14)) { x, y in
      (x * y).maxPooled(7, by: 7) + (x * y).meanPooled(7, by: 7)
    },
    Case("rows of a table", Shape(5, 3), Shape(5, 3)) { x, y in
      (x * y).rows(at: codes([2, 0, 4, 4, 2, 2], x.trace).windows(of: 2, every: 2))
    },
    Case("rows of a table that it has and has not", Shape(2, 4), Shape(2, 4)) { x, y in
      (x * y).rows(at: codes([1, 2, -1, 0, 7, .nan], x.trace).windows(of: 1, every: 1))
    },
    Case("sum of products", Shape(4, 4), Shape(4, 4)) { x, y in
      x.product(y) + y.product(x, true, false, 0.5) - x.scaled(by: 2)
    },
  ]

  /// Numbers of a program, side by side.
  private static func codes(_ codes: [Float], _ trace: Trace) -> Traced {
    let numbers = codes.map { trace.filled($0, Shape(1, 1)) }
    return numbers[0].beside(Array(numbers.dropFirst()))
  }

  /// The program of `total(w * function(x, y))`.
  var weightedTotal: Program {
    Program.trace { trace in
      let value = function(
        trace.input(at: Buffer.x.at(0), left), trace.input(at: Buffer.y.at(0), right))
      let weights = trace.input(at: Buffer.w.at(0), value.shape)
      return [.init((weights * value).total(), at: Buffer.total.at(0))]
    }
  }

  /// Random inputs; `w` is long enough for every case.
  func inputs(_ seed: Int) -> [Buffer: [Float]] {
    var random = RandomStream(seed: UInt64(seed)).child(testDescription)
    return [
      .x: normals(left.count, &random), .y: normals(right.count, &random),
      .v: normals(left.count, &random), .w: normals(64, &random),
    ]
  }

  var gradient: Program {
    weightedTotal.reversed(from: Buffer.total.at(0), with: .x, into: .result)
  }
}

struct OperationTests {
  @Test("tangent and adjoint of every operation agree: <w, J v> = <J^T w, v>", arguments: Case.all)
  func adjoint(of function: Case) {
    for seed in 0..<5 {
      let inputs = function.inputs(seed)
      let forward = evaluate(function.weightedTotal.forward(along: [.x: .v]), inputs).total
      let gradient = evaluate(function.gradient, inputs, results: function.left.count).result
      let backward = dot(gradient, inputs[.v] ?? [])
      #expect(abs(forward - backward) < 2e-5 * max(1, abs(forward)))
    }
  }

  @Test("the tangent of every operation is its central difference", arguments: Case.all)
  func tangent(of function: Case) {
    for seed in 0..<5 {
      let inputs = function.inputs(seed)
      let forward = evaluate(function.weightedTotal.forward(along: [.x: .v]), inputs).total
      let step: Float = 1 / 256
      let ends = [step, -step].map { step in
        var moved = inputs
        moved[.x] = zip(inputs[.x] ?? [], inputs[.v] ?? []).map { $0 + step * $1 }
        return evaluate(function.weightedTotal, moved).total
      }
      let difference = (ends[0] - ends[1]) / Double(2 * step)
      #expect(abs(forward - difference) < 5e-3 * max(1, abs(forward)))
    }
  }

  @Test("second derivatives are symmetric: <u, H v> = <v, H u>", arguments: Case.all)
  func hessian(of function: Case) {
    let program = function.gradient.only(.result).forward(along: [.x: .v])
    for seed in 0..<5 {
      var inputs = function.inputs(seed)
      let v = inputs[.v] ?? []
      let u = function.inputs(seed + 100)[.v] ?? []
      let alongV = evaluate(program, inputs, results: u.count).result
      inputs[.v] = u
      let alongU = evaluate(program, inputs, results: u.count).result
      #expect(abs(dot(u, alongV) - dot(v, alongU)) < 3e-5 * max(1, abs(dot(u, alongV))))
    }
  }

  @Test("rows of a table are copied, the same as often as it is named, and what is no row is 0")
  func lookup() {
    let program = Program.trace { trace in
      let table = trace.input(at: Buffer.x.at(0), Shape(3, 2))
      let rows = table.rows(at: trace.input(at: Buffer.y.at(0), Shape(4, 2)))
      return [.init(rows, at: Buffer.result.at(0))]
    }
    let codes: [Float] = [2, 0, 0, 2, 3, -1, .nan, .infinity]
    let found = evaluate(program, [.x: [1, 2, 3, 4, 5, 6], .y: codes], results: 16).result
    #expect(found == [5, 6, 1, 2, 1, 2, 5, 6] + Array(repeating: 0, count: 8))
  }
}
