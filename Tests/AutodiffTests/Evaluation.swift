import Autodiff
import Tensors

/// Buffers of the programs under test.
extension Buffer {
  static let x = Buffer(0)
  static let y = Buffer(1)
  static let v = Buffer(2)
  static let w = Buffer(3)
  static let result = Buffer(4)
  static let total = Buffer(5)
}

/// Runs `program` once with these buffers and gives what it wrote to `.result` and `.total`.
func evaluate(
  _ program: Program, _ inputs: [Buffer: [Float]], results: Int = 0, in arena: Arena = Arena()
) -> (result: [Float], total: Double) {
  let executable = Executable(program, in: arena)
  var memory = inputs
  var totals = [0.0]
  memory[.result] = Array(repeating: .nan, count: max(results, 1))
  // Stable addresses for the length of the run.
  var owned: [UnsafeMutableBufferPointer<Float>] = unsafe []
  defer { unsafe owned.forEach { unsafe $0.deallocate() } }
  var result: UnsafeMutableBufferPointer<Float>?
  for (buffer, numbers) in memory {
    let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: numbers.count)
    _ = unsafe copy.initialize(fromContentsOf: numbers)
    unsafe owned.append(copy)
    if buffer == .result { unsafe result = unsafe copy }
    if let base = copy.baseAddress { unsafe executable.bind(buffer, to: base) }
  }
  unsafe totals.withUnsafeMutableBytes { bytes in
    guard let base = bytes.baseAddress else { return }
    unsafe executable.bind(.total, to: base.assumingMemoryBound(to: Float.self))
    executable.run()
  }
  return unsafe (result.map { unsafe Array($0) } ?? [], totals[0])
}

/// `count` standard normal numbers.
func normals(_ count: Int, _ random: inout RandomStream) -> [Float] {
  (0..<count).map { _ in Float(random.normal()) }
}

/// The inner product, in `Double`.
func dot(_ left: [Float], _ right: [Float]) -> Double {
  zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
