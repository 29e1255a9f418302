/// What each hospital chooses among the methods, by what it can know: how they do within its support sets.
///
/// Under each seed a hospital takes the method and the number of steps with the best validation, and is
/// served by that. Its query patients choose nothing.
struct Choices {
  /// The name under which hospitals' choices stand beside the methods.
  static let name = "auto"

  /// What was chosen at a place.
  struct Choice {
    var method: String
    /// The contender that serves the place from then on.
    var contender: String
    /// The figure that was chosen by, within support sets.
    var validation: Double
  }

  /// The methods among which is chosen.
  let methods: [String]
  /// For each size of support set, the choice at each place in order; `nil` where nothing was validated.
  let byShots: [Int: [Choice?]]

  init(among methods: [String], in figures: ComparedFigures, by metric: Metric) {
    self.methods = methods
    byShots = Dictionary(
      uniqueKeysWithValues: figures.shots.map { shots in
        (shots, Self.choices(among: methods, in: figures, by: metric, shots: shots))
      })
  }

  private static func choices(
    among methods: [String], in figures: ComparedFigures, by metric: Metric, shots: Int
  ) -> [Choice?] {
    let columns = methods.flatMap { method in
      figures.contenders(of: method, shots: shots).filter { $0.hasPrefix(validated) }.compactMap {
        contender in
        figures.figures(metric, of: .init(method: method, shots: shots, contender: contender))
          .map { (method: method, contender: contender, figures: $0) }
      }
    }
    return figures.places.indices.map { place in
      let known = columns.compactMap { column in
        column.figures[place].map { figure in
          Choice(
            method: column.method, contender: adapted + column.contender.dropFirst(validated.count),
            validation: figure)
        }
      }
      return known.filter { $0.validation.isFinite }.min { $0.validation < $1.validation }
    }
  }

  private static let validated = "validated-"
  private static let adapted = "adapted-"
}

extension ComparedFigures {
  /// These figures, and those of what each hospital has chosen.
  ///
  /// At a size of support set at which one place has no choice there are none.
  func adding(_ choices: Choices) -> ComparedFigures {
    var all = self
    for (shots, chosen) in choices.byShots {
      let rows = places.indices.compactMap { place in
        chosen[place].flatMap { choice in
          row(
            at: place, of: .init(method: choice.method, shots: shots, contender: choice.contender))
        }
      }
      guard rows.count == places.count else { continue }
      all.add(rows, as: .init(method: Choices.name, shots: shots, contender: "chosen"))
    }
    return all
  }
}

// MARK: For people

extension Choices {
  /// Who chose what: for each size of support set, at how many places each method was taken.
  func text(among methods: [String]) -> String {
    let shots = byShots.keys.sorted()
    let head = ["chosen by validation, of so many"] + shots.map { "\($0)" }
    let lines = methods.map { method in
      [method]
        + shots.map { shots in
          let choices = byShots[shots] ?? []
          return "\(choices.count { $0?.method == method }) of \(choices.count)"
        }
    }
    return Grid([head] + lines, names: 1).text
  }
}
