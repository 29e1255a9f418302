internal import Autodiff

/// A vector of so many learned numbers for every code of every category.
///
/// It takes the codes, and what is no code goes past. The codes of all categories are rows of one table, `weight`
/// `[codes, width]`. It is the dense layer without biases of codes that are written as 0 and 1.
public struct Embedding: Equatable, Sendable {
  /// The numbers of a vector.
  public var width: Int

  /// A layer of vectors of `width` numbers.
  public init(width: Int) {
    precondition(width > 0, "a vector is not empty")
    self.width = width
  }
}

extension Embedding: LayerRule {
  func output(of signal: Signal) -> Signal {
    Signal(
      steps: signal.steps, channels: signal.channels,
      beside: signal.beside + width * categories(in: signal).levels.count)
  }

  func tensors(of signal: Signal) -> [ParameterTensor] {
    [.weights(categories(in: signal).codes, width)]
  }

  func value(of x: Traced, _ signal: Signal, _ parameters: [Traced]) -> Traced {
    let categories = categories(in: signal)
    let others = signal.width - categories.width
    let codes = x.columns(others..<signal.width)
    let vectors =
      categories.isSpelledOut
      ? products(of: codes, with: parameters[0], categories) : [parameters[0].rows(at: codes)]
    let before = others == 0 ? [] : [x.columns(0..<others)]
    let parts = before + vectors
    return parts[0].beside(Array(parts.dropFirst()))
  }

  private func categories(in signal: Signal) -> Categories {
    guard let categories = signal.categories else {
      preconditionFailure("an embedding takes codes, which only the inputs of a network are")
    }
    return categories
  }

  /// The vector of each category, where every code has a number of its own.
  private func products(
    of codes: Traced, with table: Traced, _ categories: Categories
  ) -> [Traced] {
    categories.ranges.map { range in
      let sides = [0..<range.lowerBound, range.upperBound..<categories.codes].map { side in
        side.isEmpty ? [] : [codes.trace.filled(0, Shape(codes.shape.rows, side.count))]
      }
      let own = sides[0] + [codes.columns(range)] + sides[1]
      return own[0].beside(Array(own.dropFirst())).product(table)
    }
  }
}
