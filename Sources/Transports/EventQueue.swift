/// Events in the order of their instants, and of their coming for equal instants.
///
/// A binary heap over small keys; the payloads stay where they are while keys are sifted, so
/// that a payload with references costs no reference counting. Adding and taking cost O(log n).
@usableFromInline
struct EventQueue<Payload: Sendable>: Sendable {
  @usableFromInline
  struct Key: Sendable {
    @usableFromInline var instant: Instant
    @usableFromInline var sequence: UInt64
    @usableFromInline var slot: Int

    @inlinable
    init(instant: Instant, sequence: UInt64, slot: Int) {
      self.instant = instant
      self.sequence = sequence
      self.slot = slot
    }

    @inlinable
    func precedes(_ other: Key) -> Bool {
      (instant.nanoseconds, sequence) < (other.instant.nanoseconds, other.sequence)
    }
  }

  @usableFromInline var heap: [Key] = []
  @usableFromInline var slots: [Payload?] = []
  @usableFromInline var free: [Int] = []
  @usableFromInline var sequence: UInt64 = 0

  @inlinable
  init() {}

  @inlinable var count: Int { heap.count }

  /// The instant of the first event; nil where there is none.
  @inlinable var earliest: Instant? { heap.first?.instant }

  @inlinable
  mutating func add(_ payload: Payload, at instant: Instant) {
    heap.append(Key(instant: instant, sequence: sequence, slot: store(payload)))
    sequence += 1
    siftUp()
  }

  @inlinable
  mutating func takeFirst() -> (instant: Instant, payload: Payload)? {
    guard let first = heap.first, let payload = slots[first.slot] else { return nil }
    slots[first.slot] = nil
    free.append(first.slot)
    let last = heap.removeLast()
    if !heap.isEmpty { siftDown(last) }
    return (first.instant, payload)
  }

  @inlinable
  mutating func store(_ payload: Payload) -> Int {
    guard let slot = free.popLast() else {
      slots.append(payload)
      return slots.count - 1
    }
    slots[slot] = payload
    return slot
  }

  @inlinable
  mutating func siftUp() {
    var place = heap.count - 1
    let key = heap[place]
    while place > 0, key.precedes(heap[(place - 1) / 2]) {
      heap[place] = heap[(place - 1) / 2]
      place = (place - 1) / 2
    }
    heap[place] = key
  }

  /// Puts `key` in the place of the first one.
  @inlinable
  mutating func siftDown(_ key: Key) {
    var place = 0
    while let child = earlierChild(of: place), heap[child].precedes(key) {
      heap[place] = heap[child]
      place = child
    }
    heap[place] = key
  }

  @inlinable
  func earlierChild(of place: Int) -> Int? {
    let left = 2 * place + 1
    guard left < heap.count else { return nil }
    let right = left + 1
    return right < heap.count && heap[right].precedes(heap[left]) ? right : left
  }
}
