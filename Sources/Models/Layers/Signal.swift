/// What goes from one layer to the next for every example: numbers of each step in time, step by step, and after
/// them numbers that belong to no step.
struct Signal: Equatable {
  /// The number of steps; 0 where nothing is a sequence.
  var steps = 0
  /// The numbers of a step.
  var channels = 0
  /// The numbers that belong to no step.
  var beside: Int
  /// Which codes come after all numbers; only inputs of a network are codes.
  var categories: Categories?

  /// All numbers of an example, and its codes.
  var width: Int { steps * channels + beside + (categories?.width ?? 0) }
}
