internal import Tensors

/// One step of a planned program: code, places and numbers, no references.
@safe struct Instruction {
  let kernel: Kernel
  let left: Plan.Place
  let right: Plan.Place
  let result: Plan.Place
  let rows: Int
  let columns: Int
  let inner: Int
  let factors: (Float, Float)

  init(_ computation: Computation, _ operands: [Plan.Place], _ result: Plan.Place) {
    unsafe kernel = computation.kernel
    left = operands.count > 0 ? operands[0] : result
    right = operands.count > 1 ? operands[1] : result
    self.result = result
    rows = computation.rows
    columns = computation.columns
    inner = computation.inner
    factors = computation.factors
  }
}

/// A program that is ready to run, any number of times.
///
/// Running allocates nothing and copies nothing: inputs are read and results written where ``bind(_:to:)``
/// said they are. Results must not overlap inputs. One thread at a time.
@safe public final class Executable {
  private let instructions: UnsafeMutableBufferPointer<Instruction>
  private let bases: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>
  private let arena: Arena

  /// Simplifies and plans `program`; its intermediate values will be in `arena`.
  public init(_ program: Program, in arena: Arena) {
    BLAS.useOneThread()
    var fusion = Fusion(program)
    let plan = Plan(fusion.fused())
    arena.reserve(plan.extent)
    self.arena = arena
    unsafe instructions = .allocate(capacity: plan.instructions.count)
    _ = unsafe instructions.initialize(fromContentsOf: plan.instructions)
    unsafe bases = .allocate(capacity: program.bufferCount + 1)
    unsafe bases.initialize(repeating: arena.base)
  }

  deinit {
    unsafe instructions.deallocate()
    unsafe bases.deallocate()
  }

  /// Says where `buffer` is from now on; buffers that the program does not use are ignored.
  ///
  /// All buffers must be bound before a run, to memory as large as the program's places in them.
  public func bind(_ buffer: Buffer, to memory: UnsafeMutablePointer<Float>) {
    guard unsafe buffer.index + 1 < bases.count else { return }
    unsafe bases[buffer.index + 1] = memory
  }

  /// Says where a buffer is that the program only reads.
  public func bind(_ buffer: Buffer, to memory: UnsafePointer<Float>) {
    unsafe bind(buffer, to: UnsafeMutablePointer(mutating: memory))
  }

  /// Runs the program.
  public func run() {
    unsafe bases[0] = arena.base
    let count = unsafe instructions.count
    for position in 0..<count {
      let step = unsafe instructions[position]
      let left = unsafe address(of: step.left)
      let right = unsafe address(of: step.right)
      let result = unsafe address(of: step.result)
      unsafe step.kernel(
        left, right, result, step.rows, step.columns, step.inner, step.factors.0, step.factors.1)
    }
  }

  private func address(of place: Plan.Place) -> UnsafeMutablePointer<Float> {
    unsafe bases[place.base] + place.offset
  }
}
