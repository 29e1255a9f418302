/// How steps of a sequence are pooled: so many after another become one, the last perhaps of fewer.
///
/// A row of the sequence holds its steps one after another, each of so many channels.
struct Pooling: Hashable {
  let steps: Int
  let channels: Int
  let window: Int

  /// The steps that are left.
  var pooledSteps: Int { (steps + window - 1) / window }

  func unpooled(_ rows: Int) -> Shape { Shape(rows, steps * channels) }
  func pooled(_ rows: Int) -> Shape { Shape(rows, pooledSteps * channels) }

  /// A computation of `shape`, whose kernel is told rows, channels, steps and, as a factor, the window.
  func computation(_ shape: Shape, of operands: [Shape], _ kernel: Kernel) -> Computation {
    precondition(
      window > 0 && operands[0].columns == steps * channels && window < 1 << 24,
      "\(operands[0]) are no \(steps) steps of \(channels)")
    return unsafe Computation(
      shape, rows: shape.rows, columns: channels, inner: steps, factors: (Float(window), 0),
      kernel: kernel)
  }

  /// Calls `body` with the numbers of every step, of its window, and of the steps in that; and the channel.
  static func forEach(
    _ rows: Int, _ channels: Int, _ steps: Int, _ window: Int,
    _ body: (_ step: Int, _ pooled: Int, _ isFirst: Bool, _ size: Int) -> Void
  ) {
    let windows = (steps + window - 1) / window
    for i in 0..<rows {
      for t in 0..<steps {
        let size = min(window, steps - t / window * window)
        for j in 0..<channels {
          body(
            (i * steps + t) * channels + j, (i * windows + t / window) * channels + j,
            t % window == 0, size)
        }
      }
    }
  }
}

/// The mean over the steps of a window.
struct MeanPool: Operation {
  let pooling: Pooling

  func computation(of operands: [Shape]) -> Computation {
    unsafe pooling.computation(pooling.pooled(operands[0].rows), of: operands) {
      x, _, result, rows, channels, steps, window, _ in
      Pooling.forEach(rows, channels, steps, Int(window)) { step, pooled, isFirst, size in
        let share = unsafe x[step] / Float(size)
        unsafe result[pooled] = isFirst ? share : result[pooled] + share
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.meanPooled(pooling)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.spread(over: pooling)]
  }
}

/// To each step of a window its share of what the window has.
struct MeanSpread: Operation {
  let pooling: Pooling

  func computation(of operands: [Shape]) -> Computation {
    let rows = operands[0].rows
    return unsafe pooling.computation(pooling.unpooled(rows), of: [pooling.unpooled(rows)]) {
      x, _, result, rows, channels, steps, window, _ in
      Pooling.forEach(rows, channels, steps, Int(window)) { step, pooled, _, size in
        unsafe result[step] = x[pooled] / Float(size)
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.spread(over: pooling)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.meanPooled(pooling)]
  }
}

/// The entries of the second operand where the first is largest within its window; of equal ones the first.
///
/// Its derivative by the first is zero, as of a gate: so a second derivative of the maximum costs nothing.
struct AtLargest: Operation {
  let pooling: Pooling

  func computation(of operands: [Shape]) -> Computation {
    precondition(operands[0] == operands[1], "cannot choose of \(operands[1]) by \(operands[0])")
    return unsafe pooling.computation(pooling.pooled(operands[0].rows), of: operands) {
      gate, x, result, rows, channels, steps, window, _ in
      let window = Int(window)
      Pooling.forEach(rows, channels, steps, window) { step, pooled, isFirst, size in
        guard isFirst else { return }
        unsafe result[pooled] = x[largest(gate, from: step, channels, size)]
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[1]?.pooled(pooling, whereLargest: operands[0])
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [nil, adjoint.spread(over: pooling, whereLargest: operands[0])]
  }
}

/// What each window has, at the place where the first operand is largest within it, and 0 elsewhere.
struct ToLargest: Operation {
  let pooling: Pooling

  func computation(of operands: [Shape]) -> Computation {
    unsafe pooling.computation(operands[0], of: operands) {
      gate, x, result, rows, channels, steps, window, _ in
      let window = Int(window)
      for i in 0..<rows * steps * channels { unsafe result[i] = 0 }
      Pooling.forEach(rows, channels, steps, window) { step, pooled, isFirst, size in
        guard isFirst else { return }
        unsafe result[largest(gate, from: step, channels, size)] = x[pooled]
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[1]?.spread(over: pooling, whereLargest: operands[0])
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [nil, adjoint.pooled(pooling, whereLargest: operands[0])]
  }
}

/// The place of the largest of so many entries, one every `channels`; of equal ones the first.
private func largest(
  _ numbers: UnsafePointer<Float>, from start: Int, _ channels: Int, _ count: Int
) -> Int {
  var best = start
  for step in 1..<max(count, 1) {
    let place = start + step * channels
    if unsafe numbers[place] > numbers[best] { best = place }
  }
  return best
}

extension Traced {
  /// The mean of every `window` steps, of which a row has `steps`: `[n, steps c]` to `[n, ceil(steps / window) c]`.
  public func meanPooled(_ steps: Int, by window: Int) -> Traced {
    meanPooled(Pooling(steps: steps, channels: shape.columns / steps, window: window))
  }

  /// The largest of every `window` steps, of which a row has `steps`, for each channel by itself.
  public func maxPooled(_ steps: Int, by window: Int) -> Traced {
    pooled(
      Pooling(steps: steps, channels: shape.columns / steps, window: window), whereLargest: self)
  }

  fileprivate func meanPooled(_ pooling: Pooling) -> Traced {
    if let number = filling { return trace.filled(number, pooling.pooled(shape.rows)) }
    return trace.value(of: MeanPool(pooling: pooling), on: self)
  }

  fileprivate func spread(over pooling: Pooling) -> Traced {
    if filling == 0 { return trace.filled(0, pooling.unpooled(shape.rows)) }
    return trace.value(of: MeanSpread(pooling: pooling), on: self)
  }

  fileprivate func pooled(_ pooling: Pooling, whereLargest gate: Traced) -> Traced {
    if let number = filling { return trace.filled(number, pooling.pooled(shape.rows)) }
    return trace.value(of: AtLargest(pooling: pooling), on: gate, self)
  }

  fileprivate func spread(over pooling: Pooling, whereLargest gate: Traced) -> Traced {
    if filling == 0 { return trace.filled(0, pooling.unpooled(shape.rows)) }
    return trace.value(of: ToLargest(pooling: pooling), on: gate, self)
  }
}
