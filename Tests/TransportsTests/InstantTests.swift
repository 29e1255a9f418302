import Testing
import Transports

@Suite("Instants")
struct InstantTests {
  @Test("The duration between two instants leads from one to the other", arguments: 0..<50)
  func durationsLead(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let start = Instant(nanoseconds: Int64.random(in: -1_000_000...1_000_000, using: &random))
    let end = Instant(nanoseconds: Int64.random(in: -1_000_000...1_000_000, using: &random))
    #expect(start + (end - start) == end)
    #expect((start < end) == (end - start > .zero))
  }

  @Test("Arithmetic saturates at both ends")
  func saturation() {
    let late = Instant(nanoseconds: .max - 1)
    #expect(late + .seconds(1) == Instant(nanoseconds: .max))
    #expect(Instant(nanoseconds: .min) + .seconds(-1) == Instant(nanoseconds: .min))
    #expect(Instant.zero + .seconds(Int64.max) == Instant(nanoseconds: .max))
    #expect(Instant.zero + .seconds(Int64.min) == Instant(nanoseconds: .min))
  }
}
