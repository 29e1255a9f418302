internal import Autodiff

/// The programs of a network for one number of rows, each made when it is first used.
final class RowPrograms {
  /// A gradient and, out of what it leaves behind, its derivative along a direction.
  struct Halves {
    let primal: Executable
    let tangent: Executable
    let keptCount: Int
  }

  let rows: Int
  private let network: Network
  private let arena: Arena
  private(set) lazy var outputs = Executable(network.outputProgram(rows: rows), in: arena)
  private(set) lazy var loss = Executable(network.lossProgram(rows: rows), in: arena)
  private(set) lazy var gradient = Executable(network.gradientProgram(rows: rows), in: arena)
  private(set) lazy var hessianVector = Executable(
    network.hessianVectorProgram(rows: rows), in: arena)
  private(set) lazy var slopes = Executable(
    network.spelledOut.slopeProgram(rows: rows), in: arena)
  private(set) lazy var linearised = halves()

  init(_ network: Network, rows: Int, in arena: Arena) {
    self.network = network
    self.rows = rows
    self.arena = arena
  }

  private func halves() -> Halves {
    let linearisation = network.linearisedGradient(rows: rows)
    return Halves(
      primal: Executable(linearisation.primal, in: arena),
      tangent: Executable(linearisation.tangent, in: arena), keptCount: linearisation.keptCount)
  }
}
