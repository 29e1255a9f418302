import Cryptography
public import Federation
import Models
import Scenarios

/// The name and the shape of one tensor among the meta-parameters.
public struct TensorShape: Equatable, Sendable {
  /// Such as `layer0.weight`.
  public var name: String
  /// The extents, the last varying fastest.
  public var shape: [Int]

  /// A tensor of this name and these extents.
  public init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  /// The number of its entries.
  public var count: Int { shape.reduce(1, *) }

  /// The tensors of dense layers in the order of the flat vector: `layer0.weight` `[in, out]`,
  /// `layer0.bias` `[out]`, `layer1.weight` and so on.
  public static func dense(_ layers: [(inputs: Int, outputs: Int)]) -> [TensorShape] {
    layers.enumerated().flatMap { index, layer in
      [
        TensorShape(name: "layer\(index).weight", shape: [layer.inputs, layer.outputs]),
        TensorShape(name: "layer\(index).bias", shape: [layer.outputs]),
      ]
    }
  }
}

extension TensorShape {
  /// The tensors of a network's layers, and what is learned beside them.
  public static func all(of layout: MethodLayout) -> [TensorShape] {
    layout.network.parameterTensors.map { TensorShape(name: $0.name, shape: $0.shape) }
      + layout.others.map { TensorShape(name: $0.name, shape: $0.shape) }
  }
}

/// Meta-parameters on their way into a file of the `safetensors` format.
///
/// The format: the length of the header as 8 little-endian bytes, the header in JSON, the numbers.
struct MetaParameters {
  let parameters: [Float]
  let tensors: [TensorShape]
  let metadata: [(name: String, value: String)]

  /// - Precondition: the tensors have as many entries as there are parameters.
  init(_ parameters: [Float], tensors: [TensorShape], metadata: [(name: String, value: String)]) {
    let count = tensors.reduce(0) { $0 + $1.count }
    precondition(
      count == parameters.count,
      "tensors of \(count) entries cannot hold \(parameters.count) meta-parameters")
    self.parameters = parameters
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Those that a run of `scenario` has learnt in `round` rounds.
  init(
    _ parameters: [Float], tensors: [TensorShape], of scenario: Scenario, scenarioDigest: String,
    round: Int
  ) {
    self.init(
      parameters, tensors: tensors,
      metadata: [
        ("scenario", scenario.name), ("scenarioDigest", scenarioDigest),
        ("seed", String(scenario.seed)), ("round", String(round)),
      ])
  }

  /// The numbers at the end of a file of `count` of them; `nil` where it is too short.
  static func numbers(_ count: Int, endOf file: [UInt8]) -> [Float]? {
    guard file.count >= 4 * count else { return nil }
    let bytes = Array(file.suffix(4 * count))
    return (0..<count).map { place in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[4 * place + $1]) << (8 * $1) })
    }
  }

  /// The bytes of the file.
  var safetensors: [UInt8] {
    var header = Array(header.text.utf8)
    // The format wants the numbers aligned, and allows spaces after the header.
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: -header.count & 7))
    return Self.bytes(of: UInt64(header.count)) + header + Self.bytes(of: parameters)
  }

  private var header: JSON {
    var offset = 0
    var members: [(name: String, value: JSON)] = [
      ("__metadata__", .object(metadata.map { ($0.name, .string($0.value)) }))
    ]
    for tensor in tensors {
      let end = offset + 4 * tensor.count
      members.append((tensor.name, Self.entry(of: tensor, from: offset, to: end)))
      offset = end
    }
    return .object(members)
  }

  private static func entry(of tensor: TensorShape, from start: Int, to end: Int) -> JSON {
    .object([
      ("dtype", .string("F32")), ("shape", .integers(tensor.shape)),
      ("data_offsets", .integers([start, end])),
    ])
  }

  /// The SHA-256 of the little-endian parameters in hexadecimal, as in the journal.
  static func digest(of parameters: [Float]) -> String {
    SHA256.hexadecimal(bytes(of: parameters))
  }

  private static func bytes(of parameters: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * parameters.count)
    for parameter in parameters { bytes.append(contentsOf: Self.bytes(of: parameter.bitPattern)) }
    return bytes
  }

  private static func bytes(of word: some FixedWidthInteger) -> [UInt8] {
    (0..<word.bitWidth / 8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}
