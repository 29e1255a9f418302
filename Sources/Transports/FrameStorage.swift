/// The owner of a frame's bytes: an array, or a message that a transport has received.
public protocol FrameStorage: AnyObject, Sendable {
  /// The bytes. They neither move nor change while the owner lives.
  var bytes: UnsafeRawBufferPointer { get }
}

/// Keeps an array alive so that its elements can be sent from where they are.
///
/// The elements of a native array stay at one address for as long as nobody writes to it, and
/// nobody can write to the constant that this class holds; that is what lets the address leave
/// the closure in which it is obtained.
@safe
final class ArrayStorage<Element: BitwiseCopyable & Sendable>: FrameStorage {
  let elements: [Element]
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  init(_ elements: [Element]) {
    self.elements = elements
    unsafe bytes = elements.withUnsafeBytes { unsafe $0 }
  }
}
