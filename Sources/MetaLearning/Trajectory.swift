import Models

/// The parameters that an inner loop passes through, kept for the way back.
///
/// It holds the parameters after each step and one vector to work in: `steps + 1` vectors. The start
/// stays with the caller. What the gradients of the last steps have computed on their way is kept too,
/// for as many steps as there are passes; for earlier ones it is computed again.
@safe final class Trajectory {
  private let steps: Int
  private let parameterCount: Int
  private let storage: UnsafeMutableBufferPointer<Float>
  private let passes: [Pass]

  init(steps: Int, parameterCount: Int, passes: Int) {
    self.steps = steps
    self.parameterCount = parameterCount
    self.passes = (0..<min(passes, steps)).map { _ in Pass() }
    unsafe storage = .allocate(capacity: (steps + 1) * parameterCount)
    unsafe storage.initialize(repeating: 0)
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// The memory that the vectors take.
  var bytes: Int { unsafe storage.count * MemoryLayout<Float>.stride }

  /// The memory that the kept passes take.
  var passBytes: Int { passes.reduce(0) { $0 + $1.bytes } }

  /// The vector that step number `step` writes; the one after the last is to work in.
  private func vector(_ step: Int) -> UnsafeMutableBufferPointer<Float> {
    unsafe .init(rebasing: storage[step * parameterCount..<(step + 1) * parameterCount])
  }

  /// The parameters after `step` steps; after none, the start.
  private func parameters(
    after step: Int, from start: UnsafeBufferPointer<Float>
  ) -> UnsafeBufferPointer<Float> {
    unsafe step == 0 ? start : UnsafeBufferPointer(vector(step - 1))
  }

  /// Where the gradient of step number `step` is kept: of the last ones, if at all.
  private func pass(of step: Int) -> Pass? {
    let position = step - (steps - passes.count)
    return position < 0 ? nil : passes[position]
  }

  /// The parameters after all steps.
  func end(from start: UnsafeBufferPointer<Float>) -> UnsafeBufferPointer<Float> {
    unsafe parameters(after: steps, from: start)
  }

  /// Descends the loss on `rows` and keeps every step.
  func descend(
    from start: UnsafeBufferPointer<Float>, on rows: LabelledRows, rate: Float,
    with programs: NetworkPrograms
  ) {
    for step in 0..<steps {
      let here = unsafe parameters(after: step, from: start)
      let next = unsafe vector(step)
      if let pass = pass(of: step) {
        unsafe programs.gradient(at: here, on: rows, into: next, keeping: pass)
      } else {
        unsafe programs.gradient(at: here, on: rows, into: next)
      }
      for index in 0..<parameterCount {
        unsafe next[index] = here[index] - rate * next[index]
      }
    }
  }

  /// Turns the derivative by the end of the trajectory into the derivative by its start.
  func pullBack(
    _ adjoint: UnsafeMutableBufferPointer<Float>, from start: UnsafeBufferPointer<Float>,
    on rows: LabelledRows, rate: Float, with programs: NetworkPrograms
  ) {
    let product = unsafe vector(steps)
    for step in (0..<steps).reversed() {
      let here = unsafe parameters(after: step, from: start)
      let direction = UnsafeBufferPointer(adjoint)
      if let pass = pass(of: step) {
        unsafe programs.hessianVectorProduct(
          at: here, along: direction, on: rows, of: pass, into: product)
      } else {
        unsafe programs.hessianVectorProduct(at: here, along: direction, on: rows, into: product)
      }
      for index in 0..<parameterCount {
        unsafe adjoint[index] -= rate * product[index]
      }
    }
  }
}
