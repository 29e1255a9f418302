import Tensors

/// A feature whose answers are kinds, not amounts: what a patient has is one of some columns of 0 and 1.
///
/// As a code it is one number: 0 where nothing is known of it, 1 where no column has a 1, as for the answer that has
/// no column, and from 2 on the column that has. An answer that no patient had who was trained on has a code
/// like any other.
public struct Category: Equatable, Sendable {
  /// What it is called.
  public let name: String
  /// The names of the columns.
  public let columns: [String]

  /// A category with these columns.
  public init(name: String, columns: [String]) {
    self.name = name
    self.columns = columns
  }

  /// The number of its codes.
  public var levels: Int { columns.count + 2 }
}

extension Category {
  /// The questions that features named `question=answer` answer, in their order.
  static func questions(of features: [String]) -> [Category] {
    var order: [String] = []
    var columns: [String: [String]] = [:]
    for feature in features {
      guard let end = feature.firstIndex(of: "=") else { continue }
      let name = String(feature[..<end])
      if columns[name] == nil { order.append(name) }
      columns[name, default: []].append(feature)
    }
    return order.map { Category(name: $0, columns: columns[$0] ?? []) }
  }
}

extension HeartDisease {
  /// Kinds of chest pain and of resting ECG.
  public static let categories = Category.questions(of: features)
}

extension StrokeTrial {
  /// The seventeen questions of the case form.
  public static let categories = Category.questions(of: features)
}

extension IntensiveCare {
  /// The way of admission and the group of diagnoses.
  public static let categories = [
    Category(name: "admission", columns: IntensiveCareColumns.admissions.map { "from \($0)" }),
    Category(name: "diagnosis", columns: DiagnosisGroup.allCases.dropLast().map(\.rawValue)),
  ]
}

extension Cohort {
  /// The patients with a code for each category after all other columns, in place of its columns.
  ///
  /// The codes of all categories are numbered through: those of the second follow those of the first, and so on.
  ///
  /// - Precondition: the cohort has every column.
  public func coded(by categories: [Category]) -> Cohort {
    guard !categories.isEmpty else { return self }
    let columns = categories.map { $0.columns.map(position) }
    let taken = Set(columns.joined())
    let others = features.indices.filter { !taken.contains($0) }
    var scalars: [Float] = []
    scalars.reserveCapacity(outcomes.count * (others.count + categories.count))
    for row in outcomes.indices {
      scalars += others.map { inputs[row, $0] }
      var first = 0
      for (category, columns) in zip(categories, columns) {
        scalars.append(Float(first + code(of: row, in: columns)))
        first += category.levels
      }
    }
    var coded = self
    coded.features = others.map { features[$0] } + categories.map(\.name)
    coded.inputs = Matrix(
      rows: outcomes.count, columns: others.count + categories.count, scalars: scalars)
    coded.codes = categories.count
    return coded
  }

  private func position(of column: String) -> Int {
    guard let position = features.firstIndex(of: column) else {
      preconditionFailure("\(hospital) has no column \(column)")
    }
    return position
  }

  /// 0 for the unknown, 1 for none of the columns, 2 for the first.
  private func code(of row: Int, in columns: [Int]) -> Int {
    if let found = columns.firstIndex(where: { inputs[row, $0] > 0 }) { return found + 2 }
    return columns.contains { inputs[row, $0].isNaN } ? 0 : 1
  }
}
