import Scenarios

/// The figures of several methods at the same hospitals, with the same seeds.
///
/// A place, a hospital under a seed, counts where every method that finished was judged there, so that
/// no method is served by others' absence.
struct ComparedFigures {
  /// What a column of figures is of.
  struct Column: Hashable {
    var method: String
    var shots: Int
    var contender: String
  }

  /// The places that count, in the order of seeds and then of hospitals.
  let places: [PairedBootstrap.Place]
  /// The patients at each place, where the hospital says.
  let patients: [Int?]
  /// The places that one method or another was not judged at.
  let incomplete: Int
  /// The sizes of support sets, in ascending order.
  let shots: [Int]
  private var columns: [Column: [ResultsFile.Row]]
  private var order: [Column]

  /// The figures of the hospitals of a group.
  init(_ results: [String: [CellResult]], of methods: [String], in group: HospitalGroup) {
    var found: [PairedBootstrap.Place: [String: ResultsFile.Hospital]] = [:]
    var order: [PairedBootstrap.Place] = []
    for method in methods {
      for result in results[method] ?? [] {
        for hospital in result.hospitals where hospital.heldOut == (group == .heldOut) {
          let place = result.place(of: hospital)
          if found[place] == nil { order.append(place) }
          found[place, default: [:]][method] = hospital
        }
      }
    }
    let whole = order.filter { found[$0]?.count == methods.count }
    var columns: [Column: [ResultsFile.Row]] = [:]
    var names: [Column] = []
    for place in whole {
      for method in methods {
        for row in found[place]?[method]?.results ?? [] {
          let column = Column(method: method, shots: row.shots, contender: row.contender)
          if columns[column] == nil { names.append(column) }
          columns[column, default: []].append(row)
        }
      }
    }
    places = whole
    patients = whole.map { place in methods.lazy.compactMap { found[place]?[$0]?.patients }.first }
    incomplete = order.count - whole.count
    shots = Set(names.map(\.shots)).sorted()
    self.columns = columns.filter { $0.value.count == whole.count }
    self.order = names
  }

  /// The contenders of a method at a size of support set, in the order of its results.
  func contenders(of method: String, shots: Int) -> [String] {
    order.filter { $0.method == method && $0.shots == shots && columns[$0] != nil }.map(\.contender)
  }

  /// The figures at the places; `nil` where the column is not there.
  func figures(_ metric: Metric, of column: Column) -> [Double?]? {
    columns[column]?.map { $0.figures[metric] }
  }

  /// The figures at one place; `nil` where the column is not there.
  func row(at place: Int, of column: Column) -> ResultsFile.Row? { columns[column]?[place] }

  /// The places at which both columns have a figure, and the two figures.
  func pairs(
    _ metric: Metric, _ column: Column, _ other: Column
  ) -> [(place: PairedBootstrap.Place, figures: (Double, Double))] {
    let (own, theirs) = (figures(metric, of: column) ?? [], figures(metric, of: other) ?? [])
    return zip(places, zip(own, theirs)).compactMap { place, figures in
      guard let own = figures.0, let theirs = figures.1 else { return nil }
      return (place, (own, theirs))
    }
  }

  /// The places at which somebody was judged with support sets of a size.
  func judged(_ metric: Metric, shots: Int) -> [PairedBootstrap.Place] {
    let judged = order.filter { $0.shots == shots }.compactMap { figures(metric, of: $0) }
    return places.indices.filter { place in judged.contains { $0[place] != nil } }
      .map { places[$0] }
  }

  /// Adds a column of figures at all places, in order.
  mutating func add(_ rows: [ResultsFile.Row], as column: Column) {
    columns[column] = rows
    order.append(column)
  }

  /// The contender of a method that did best at the hospitals of `judges`: its steps of adaptation; where
  /// none was judged there, the most steps.
  func steps(
    of method: String, shots: Int, bestAt judges: ComparedFigures, by metric: Metric
  ) -> String? {
    let own = contenders(of: method, shots: shots).filter { $0.hasPrefix("adapted-") }
    let judged = own.compactMap { contender in
      judges.mean(metric, of: .init(method: method, shots: shots, contender: contender))
        .map { (contender: contender, mean: $0) }
    }
    return judged.filter { $0.mean.isFinite }.min { $0.mean < $1.mean }?.contender ?? own.last
  }

  /// That methods were not judged on the same episodes; `nil` where what depends on the episodes alone is the
  /// same whatever the method.
  func otherEpisodes(among methods: [String], by metric: Metric) -> ComparisonError? {
    for shots in shots {
      for reference in ["support-constant", "support-linear"] {
        let columns = methods.map { method in
          figures(metric, of: .init(method: method, shots: shots, contender: reference))
        }
        guard let first = columns.first else { continue }
        if let other = columns.firstIndex(where: { !Self.same($0, first) }) {
          return .otherEpisodes(methods[0], methods[other], reference: reference)
        }
      }
    }
    return nil
  }

  private static func same(_ left: [Double?]?, _ right: [Double?]?) -> Bool {
    guard let left, let right, left.count == right.count else { return left == nil && right == nil }
    return zip(left, right).allSatisfy { $0?.bitPattern == $1?.bitPattern }
  }

  /// The mean of what is defined.
  func mean(_ metric: Metric, of column: Column) -> Double? {
    figures(metric, of: column).flatMap { Self.mean($0.compactMap { $0 }) }
  }

  static func mean(_ figures: [Double]) -> Double? {
    figures.isEmpty ? nil : figures.reduce(0, +) / Double(figures.count)
  }
}

extension CellResult {
  /// Where a figure of a hospital stands.
  ///
  /// A hospital that each seed makes anew is another one under each; one that trains, in each cell that
  /// holds others out.
  fileprivate func place(of hospital: ResultsFile.Hospital) -> PairedBootstrap.Place {
    var name = hospital.hospital
    if cell.scenario.cohorts.isRedrawn { name += ", seed \(file.seed)" }
    if !hospital.heldOut { name += cell.conditions.map { " " + $0.text }.joined() }
    return PairedBootstrap.Place(seed: file.seed, hospital: name)
  }
}

extension CohortPlan {
  /// Whether each seed makes other patients under the same names.
  fileprivate var isRedrawn: Bool {
    if partition != nil { return true }
    return switch source {
    case .synthetic, .sinusoid, .doses: true
    case .heartDisease, .strokeTrial, .published, .tenClasses: false
    }
  }
}
