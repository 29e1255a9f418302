import Federation

/// The content of one file `checkpoint-N.bin`: a state to go on from, and the line of the journal
/// that belongs to it.
///
/// Words of 8 bytes, little-endian; what is shorter is padded with zeros:
///
/// | part | bytes |
/// |---|---|
/// | `CONSIL` and the version of the format, `01` | 8 |
/// | all bytes of the slot; the file may go on with older ones | 8 |
/// | number of the checkpoint: the highest is the newest | 8 |
/// | bytes, and checksum, of the journal before the line | 16 |
/// | bytes of the line; the line with its line feed | 8 + padded |
/// | the state, see ``Coordinator/Checkpoint`` | |
/// | checksum over all before it | 8 |
struct CheckpointSlot {
  private static let signature = Array("CONSIL01".utf8)
  private static let lengthOffset = 8

  let number: Int
  let extent: JournalExtent
  let line: [UInt8]
  let state: ArraySlice<UInt8>

  /// Replaces `bytes` by those of a slot.
  static func write(
    _ checkpoint: Coordinator.Checkpoint, number: Int, line: [UInt8], after extent: JournalExtent,
    into bytes: inout [UInt8]
  ) {
    bytes.removeAll(keepingCapacity: true)
    bytes += signature
    for word in [0, number, extent.bytes, Int(bitPattern: UInt(extent.checksum)), line.count] {
      bytes.add(word)
    }
    bytes.add(numbers: line)
    checkpoint.write(into: &bytes)
    let length = bytes.count + 8
    for place in 0..<8 {
      bytes[lengthOffset + place] = UInt8(truncatingIfNeeded: length >> (8 * place))
    }
    bytes.add(numbers: [Checksum.of(bytes)])
  }

  /// The slot that `bytes` begin with; `nil` where there is none, or not a whole one.
  init?(_ bytes: [UInt8]) {
    var header = StateReader(bytes.dropFirst(Self.lengthOffset))
    guard bytes.count >= 16, bytes.starts(with: Self.signature),
      let length = try? header.word(in: 16...bytes.count)
    else { return nil }
    var end = StateReader(bytes[(length - 8)...])
    guard let checksum = try? end.numbers(1, zero: UInt64(0)).first,
      checksum == Checksum.of(Array(bytes.prefix(length - 8)))
    else { return nil }
    guard let slot = try? Self(whole: bytes.prefix(length - 8), &header) else { return nil }
    self = slot
  }

  private init(
    whole bytes: ArraySlice<UInt8>, _ reader: inout StateReader
  ) throws(StateReader.Malformed) {
    number = try reader.word(in: 0 ... .max)
    let size = try reader.word(in: 0 ... .max)
    extent = JournalExtent(bytes: size, checksum: try reader.numbers(1, zero: 0)[0])
    let count = try reader.word(in: 0...bytes.count)
    line = try reader.numbers(count, zero: 0)
    state = bytes.dropFirst(Self.lengthOffset + 5 * 8 + (count + 7) / 8 * 8)
  }
}
