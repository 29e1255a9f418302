import Foundation

extension Kind where Value == [String: [ClosedRange<Double>]] {
  /// A mapping of hospitals to lists of `[from, until]` in virtual seconds.
  static var intervals: Self {
    let accepted = "a mapping of hospitals to lists of [from, until] in seconds, in order and apart"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .mapping(let entries) = tree.content else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      var intervals: Value = [:]
      for entry in entries {
        let here = "\(path).\(entry.key.excerpt)"
        findings.note(entry.place, of: here)
        let kind = Kind<[ClosedRange<Double>]>.list(
          of: .range(within: 0...TraceFile.horizon), atMost: TraceFile.limit)
        guard let read = kind.read(entry.value, here, findings) else { continue }
        if !read.areInOrder {
          findings.report(
            "intervals that meet or are empty", accepted: accepted, at: here, place: entry.place)
        }
        intervals[entry.key] = read
      }
      return intervals
    }
  }

  /// The path of a table of intervals, from the directory of the file in which it stands: the scenario's,
  /// or one that it extends.
  static var traceFile: Self {
    let accepted = "the path of a file of lines hospital,from,until"
    return Kind(accepted: accepted) { tree, path, findings in
      guard let name = tree.text else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      let home = tree.place.base ?? findings.file
      let directory = home.lastIndex(of: "/").map { home[...$0] } ?? ""
      let file = name.hasPrefix("/") ? name : directory + name
      guard let data = FileManager.default.contents(atPath: file) else {
        findings.report(
          "no file \(name.excerpt) that can be read",
          accepted: "\(accepted); the path starts at the file that names it",
          at: path, place: tree.place)
        return nil
      }
      return TraceFile(name: file, findings: findings).intervals(
        String(decoding: data, as: UTF8.self))
    }
  }
}

extension [ClosedRange<Double>] {
  /// Whether each begins after the one before has ended, and none is empty.
  var areInOrder: Bool {
    allSatisfy { $0.lowerBound < $0.upperBound }
      && zip(self, dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
  }
}

/// A table of when hospitals are there: a header, then lines of a hospital's name and an interval of
/// virtual seconds.
struct TraceFile {
  /// The most lines, so that a scenario with its traces stays within its own limit.
  static let limit = 20_000
  /// The latest instant, a century.
  static let horizon = 3_155_760_000.0
  private static let header = "hospital,from,until"

  let name: String
  let findings: Findings

  /// The intervals of each hospital, in order; `nil` where something was wrong, which is reported.
  func intervals(_ text: String) -> [String: [ClosedRange<Double>]]? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.first == Self.header[...] else {
      return report("no header", accepted: Self.header, line: 1, column: 1)
    }
    guard lines.count <= Self.limit + 2 else {
      return report(
        "\(lines.count) lines", accepted: "at most \(Self.limit)", line: Self.limit + 2, column: 1)
    }
    var intervals: [String: [ClosedRange<Double>]] = [:]
    var isSound = true
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      guard let (hospital, interval) = row(line, number: index + 1) else {
        isSound = false
        continue
      }
      intervals[hospital, default: []].append(interval)
      if intervals[hospital]?.suffix(2).areInOrder == false {
        isSound = false
        report(
          "an interval that meets or precedes the one before at \(hospital.excerpt)",
          accepted: "intervals of a hospital in order and apart", line: index + 1, column: 1)
      }
    }
    return isSound ? intervals : nil
  }

  private func row(_ line: Substring, number: Int) -> (String, ClosedRange<Double>)? {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count == 3 else {
      report("\(fields.count) fields", accepted: "3: \(Self.header)", line: number, column: 1)
      return nil
    }
    let columns = fields.map { line.distance(from: line.startIndex, to: $0.startIndex) + 1 }
    var seconds: [Double] = []
    for index in 1...2 {
      guard let value = Double(decimal: String(fields[index])), (0...Self.horizon).contains(value)
      else {
        report(
          "found \(String(fields[index]).excerpt)", accepted: "seconds from 0", line: number,
          column: columns[index])
        return nil
      }
      seconds.append(value)
    }
    guard seconds[0] < seconds[1] else {
      report(
        "until \(seconds[1].short) after from \(seconds[0].short)", accepted: "until above from",
        line: number, column: columns[2])
      return nil
    }
    return (String(fields[0]), seconds[0]...seconds[1])
  }

  @discardableResult
  private func report(
    _ found: String, accepted: String, line: Int, column: Int
  ) -> [String: [ClosedRange<Double>]]? {
    findings.report(
      ScenarioProblem(
        file: name, place: .file(line: line, column: column), path: "", found: found,
        accepted: accepted))
    return nil
  }
}

extension ArraySlice<ClosedRange<Double>> {
  fileprivate var areInOrder: Bool { Array(self).areInOrder }
}
