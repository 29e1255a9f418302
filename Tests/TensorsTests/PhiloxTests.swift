import Tensors
import Testing

/// The published known answers: Random123, `kat_vectors`, philox4x32 with 10 rounds.
struct PhiloxTests {
  @Test("counter and key of zeros give the published block")
  func zeros() {
    let block = Philox.block(at: .zero, key: .zero)
    #expect(block == .init(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
  }

  @Test("counter and key of ones give the published block")
  func ones() {
    let block = Philox.block(at: .init(repeating: .max), key: .init(repeating: .max))
    #expect(block == .init(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
  }

  @Test("the digits of pi give the published block")
  func pi() {
    let block = Philox.block(
      at: .init(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
      key: .init(0xA409_3822, 0x299F_31D0))
    #expect(block == .init(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test("different counters give different blocks")
  func bijective() {
    let blocks = Set((0..<10_000).map { Philox.block(at: .init($0, 0, 0, 0), key: .init(1, 2)) })
    #expect(blocks.count == 10_000)
  }
}
