/// Names to draw from: a name is added, removed and got by its place in constant time.
///
/// The order of the places depends on what was added and removed, and on nothing else.
struct IdleSet {
  private var names: [String] = []
  private var places: [String: Int] = [:]

  var count: Int { names.count }

  subscript(place: Int) -> String { names[place] }

  func contains(_ name: String) -> Bool { places[name] != nil }

  mutating func insert(_ name: String) {
    guard places[name] == nil else { return }
    places[name] = names.count
    names.append(name)
  }

  mutating func remove(_ name: String) {
    guard let place = places.removeValue(forKey: name), let last = names.popLast() else { return }
    guard last != name else { return }
    names[place] = last
    places[last] = place
  }
}
