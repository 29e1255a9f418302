/// The hospitals as a file gives them.
enum GivenHospitals: Equatable {
  /// So many; their names are `h1` and so on.
  case count(Int)
  /// These.
  case names(HospitalList)

  /// The names of all.
  var names: HospitalList {
    switch self {
    case .count(let count): HospitalList(HospitalRange(count: count))
    case .names(let names): names
    }
  }
}

/// The held-out hospitals as a file gives them.
enum GivenHeldOut: Equatable {
  /// So many, or these.
  case plan(HeldOutPlan)
  /// This share of all, to the nearest whole number.
  case share(Double)
}

extension Kind where Value == String {
  /// The name of one hospital: short, visible, and free of what would deceive a reader.
  static var hospitalName: Self {
    Kind("a name of 1 to 64 bytes, without control characters, or white space at its ends") {
      tree in tree.text.flatMap { $0.isHospitalName ? $0 : nil }
    }
  }
}

extension String {
  /// Whether a hospital may have this name.
  fileprivate var isHospitalName: Bool {
    guard let first, let last, utf8.count <= 64 else { return false }
    return !first.isWhitespace && !last.isWhitespace
      && unicodeScalars.allSatisfy { !$0.isControl }
  }
}

/// Whom names are of.
enum Named: String {
  case hospital, region
}

extension Kind where Value == [String] {
  /// A list of different names of hospitals, or regions; a member may be a range such as `h1..h8`.
  static func hospitalNames(atLeast least: Int, of named: Named = .hospital) -> Self {
    let range = "\(named == .hospital ? "h1..h8" : "r1..r8") stands for eight of them"
    let accepted = "a list of different names of \(named.rawValue)s; \(range)"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .list(let nodes) = tree.content, nodes.count >= least else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      let names = nodes.enumerated().compactMap { index, node in
        Self.names(of: node, path: "\(path)[\(index)]", findings)
      }
      guard names.count == nodes.count, reportRepeated(names, of: nodes, named, path, findings)
      else { return nil }
      let all = Array(names.joined())
      if all.count <= HospitalRange.limit { return all }
      findings.reportLength(all.count, at: path, place: tree.place)
      return nil
    }
  }

  /// The name, or the names of a range, that a text gives.
  static func names(of node: Tree, path: String, _ findings: Findings) -> [String]? {
    if let range = node.text.flatMap(HospitalRange.init) { return range.names }
    if let length = node.text.flatMap(HospitalRange.excess) {
      findings.reportLength(length, at: path, place: node.place)
      return nil
    }
    return Kind<String>.hospitalName.read(node, path, findings).map { [$0] }
  }

  /// Reports names that an earlier member of the list has given; true where there is none.
  private static func reportRepeated(
    _ names: [[String]], of nodes: [Tree], _ named: Named, _ path: String, _ findings: Findings
  ) -> Bool {
    var seen: Set<String> = []
    var repeats = 0
    for (index, members) in names.enumerated() {
      if let again = members.first(where: { seen.contains($0) }) {
        repeats += 1
        findings.report(
          "\(again.excerpt) is given twice", accepted: "each \(named.rawValue) once",
          at: "\(path)[\(index)]", place: nodes[index].place)
      }
      seen.formUnion(members)
    }
    return repeats == 0
  }
}

extension Findings {
  /// Reports names that are more than a scenario may have.
  fileprivate func reportLength(_ count: Int, at path: String, place: ScenarioProblem.Place) {
    report(
      "\(count) names", accepted: "at most \(HospitalRange.limit) names in a list or a range",
      at: path, place: place)
  }
}

extension Kind where Value == GivenHospitals {
  /// A count, a range, or a list of names.
  static var hospitals: Self {
    let counts = 1...HospitalRange.limit
    let accepted =
      "\(Kind<Int>.count(counts).accepted), a range such as h1..h16, or a list of names"
    return Kind(accepted: accepted) { tree, path, findings in
      if case .list = tree.content {
        return Kind<[String]>.hospitalNames(atLeast: 1).read(tree, path, findings).map {
          .names(HospitalList($0))
        }
      }
      if let range = tree.text.flatMap(HospitalRange.init) { return .names(HospitalList(range)) }
      if let length = tree.text.flatMap(HospitalRange.excess) {
        findings.reportLength(length, at: path, place: tree.place)
        return nil
      }
      if let number = tree.plainText.flatMap({ Int($0) }), counts.contains(number) {
        return .count(number)
      }
      findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
      return nil
    }
  }
}

extension Kind where Value == GivenHeldOut {
  /// A count, a share such as `25%`, or a list of names.
  static var heldOut: Self {
    let accepted = "a count, a share such as 25%, or a list of names"
    let single = Kind(accepted) { tree in
      tree.plainText.flatMap { text in
        text.last == "%" ? share(text) : Int(text).flatMap { $0 < 0 ? nil : .plan(.count($0)) }
      }
    }
    return Kind(accepted: accepted) { tree, path, findings in
      switch tree.content {
      case .list:
        Kind<[String]>.hospitalNames(atLeast: 0).read(tree, path, findings).map {
          .plan(.named($0))
        }
      case .scalar, .mapping: single.read(tree, path, findings)
      }
    }
  }

  private static func share(_ text: String) -> GivenHeldOut? {
    guard let percent = Double(decimal: String(text.dropLast())), (0..<100).contains(percent) else {
      return nil
    }
    return .share(percent / 100)
  }
}
