public import ArgumentParser
public import Scenarios

/// Which hospitals a program speaks for.
public struct HospitalOptions: ParsableArguments {
  /// Names and ranges as they were given.
  @Option(
    name: .customLong("hospital"), parsing: .singleValue,
    help: ArgumentHelp(
      "A hospital that is served, or a range such as h3..h17. May be repeated.", valueName: "name"))
  public var names: [String] = []

  /// Nothing asked for; the argument parser fills it in.
  public init() {}

  /// The hospitals of `plan` that were named: names as they are, ranges such as h3..h17 written out.
  ///
  /// - Throws: `ValidationError` where the scenario has no hospital of a name, or none was named.
  public func served(of plan: Scenario) throws -> [String] {
    let known = HospitalPlaces(plan.cohorts.hospitals)
    let named = names.flatMap { name in
      known.contains(name) ? [name] : HospitalRange(name)?.names ?? [name]
    }
    if named.isEmpty {
      throw ValidationError("no hospital is named; name one with --hospital, or several")
    }
    if let unknown = named.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "the scenario \(plan.name) has no hospital \(unknown); it has "
          + plan.cohorts.hospitals.prefix(12).joined(separator: ", ")
          + (known.names.count > 12 ? " and \(known.names.count - 12) more" : ""))
    }
    var seen: Set<String> = []
    return named.filter { seen.insert($0).inserted }
  }
}
