internal import Autodiff
public import Tensors

/// Which inputs of a network are codes: the last of them, one for each category.
///
/// The codes of all categories are numbered through: those of the second follow those of the first, and so on.
public struct Categories: Equatable, Sendable {
  /// The number of codes of each category.
  public let levels: [Int]
  /// Whether there is an input of 0 or 1 for every code instead.
  let isSpelledOut: Bool

  /// Categories of so many codes each.
  public init(levels: [Int]) {
    self.init(levels: levels, isSpelledOut: false)
  }

  private init(levels: [Int], isSpelledOut: Bool) {
    precondition(
      !levels.isEmpty && levels.allSatisfy { $0 > 0 }, "categories of \(levels) codes are none")
    self.levels = levels
    self.isSpelledOut = isSpelledOut
  }

  /// The number of codes of all categories.
  public var codes: Int { levels.reduce(0, +) }

  /// The number of inputs that they take.
  var width: Int { isSpelledOut ? codes : levels.count }

  /// The same with an input for every code.
  var spelledOut: Categories { Categories(levels: levels, isSpelledOut: true) }

  /// The codes of each category.
  public var ranges: [Range<Int>] {
    var first = 0
    return levels.map { count in
      defer { first += count }
      return first..<first + count
    }
  }

  /// Inputs with a column of 0 and 1 for every code, in place of a column for every category.
  ///
  /// - Parameter inputs: Examples whose last columns are codes.
  /// - Returns: The other columns, and after them one for each of ``codes``.
  public func spelledOut(_ inputs: Matrix) -> Matrix {
    let others = inputs.columns - levels.count
    var spelled = Matrix(rows: inputs.rows, columns: others + codes)
    for row in 0..<inputs.rows {
      for column in 0..<others { spelled[row, column] = inputs[row, column] }
      for code in inputs.row(row).dropFirst(others) { spelled[row, others + Int(code)] = 1 }
    }
    return spelled
  }
}

extension Network {
  /// The same network with an input of 0 or 1 for every code.
  ///
  /// Between 0 and 1 it is defined as well, and so has derivatives by what codes have none by: a code that is half one
  /// and half another is the vector in the middle between theirs.
  public var spelledOut: Network {
    guard let categories, !categories.isSpelledOut else { return self }
    return Network(
      inputs: inputs - categories.width + categories.codes, layers: layers, outputs: outputs,
      loss: loss, l2: l2, context: context, time: time, categories: categories.spelledOut)
  }
}
