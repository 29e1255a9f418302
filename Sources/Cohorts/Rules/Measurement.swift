import Glibc
public import Tensors

/// Hospitals that write the same down differently: in other units, by instruments that are off,
/// coarsely, or in codes of their own.
///
/// Of a measurement x of feature j at hospital h, z and z′ standard normal, d the feature's standard
/// deviation there:
///
///     x′ = x · (factor · exp(factor-spread · z_hj))^strength
///            + strength · (offset + offset-spread · d · z′_hj)
///     x″ = x′ rounded to a multiple of strength · rounding
///
/// Codes: a column of 0 and 1 by itself is turned round with probability 1/2; the columns of one
/// question (`name=level`) are permuted, the level without a column taking part where there is one.
/// While the rule sets in, a share `strength` of the patients is written in the new codes.
///
/// A true risk is that of the patient, not of what is written down.
public struct Measurement: CohortRule, Equatable {
  /// The features that are concerned; all if nil.
  public var features: Set<String>?
  /// The factor of a wrong unit; 1 is none.
  public var factor = 1.0
  /// The spread of the logarithm of factors between hospitals.
  public var factorSpread = 0.0
  /// What is added, in the feature's unit.
  public var offset = 0.0
  /// The spread of what is added between hospitals, in the feature's standard deviations.
  public var offsetSpread = 0.0
  /// What measurements are rounded to a multiple of, in the feature's unit; 0 leaves them.
  public var rounding = 0.0
  /// Whether hospitals have codes of their own.
  public var codes = false

  /// A rule that does nothing yet, of some features or of all.
  public init(of features: Set<String>? = nil) {
    self.features = features
  }

  /// What the hospital writes down of its patients.
  public func applied(to cohort: Cohort, strength: Double, random: RandomStream) -> Cohort {
    var written = cohort
    let concerned = cohort.features.indices.filter {
      features?.contains(cohort.features[$0]) ?? true
    }
    let numbers = concerned.filter { !cohort.isYesOrNo($0) }
    let scale = Standardiser(FeatureSums(of: cohort.inputs))
    let stream = random.child("hospital").child(cohort.hospital)
    for column in numbers {
      let instrument = instrument(
        for: cohort.features[column], spread: scale.scales[column], strength: strength, stream)
      for row in cohort.outcomes.indices {
        written.inputs[row, column] = Float(instrument(Double(cohort.inputs[row, column])))
      }
    }
    guard codes else { return written }
    for question in cohort.questions(among: concerned) {
      recode(&written, question, strength: strength, stream)
    }
    return written
  }

  /// What becomes of a measurement at one hospital.
  private func instrument(
    for feature: String, spread: Double, strength: Double, _ stream: RandomStream
  ) -> (Double) -> Double {
    var factors = stream.child("factor").child(feature)
    var offsets = stream.child("offset").child(feature)
    let factor = pow(factor * factors.logNormal(sigma: factorSpread), strength)
    let added = strength * (offset + offsetSpread * spread * offsets.normal())
    let step = strength * rounding
    return { measurement in
      let number = measurement * factor + added
      return step > 0 ? (number / step).rounded() * step : number
    }
  }

  private func recode(
    _ cohort: inout Cohort, _ question: Question, strength: Double, _ stream: RandomStream
  ) {
    var draw = stream.child("codes").child(question.name)
    let levels = question.columns.count + (question.hasOther ? 1 : 0)
    let codes = draw.sample(levels, of: levels)
    for row in cohort.outcomes.indices {
      var patient = stream.child("recoded").child("patient", cohort.number(ofPatientAt: row))
      guard patient.uniform() < strength else { continue }
      let level = question.columns.firstIndex { cohort.inputs[row, $0] > 0 } ?? levels - 1
      for (code, column) in question.columns.enumerated() {
        cohort.inputs[row, column] = codes[level] == code ? 1 : 0
      }
    }
  }
}

/// Columns that together hold the answer to one question.
struct Question {
  let name: String
  let columns: [Int]
  /// Whether there is an answer that has no column.
  let hasOther: Bool
}

extension Cohort {
  /// Whether a column holds nothing but 0 and 1.
  func isYesOrNo(_ column: Int) -> Bool {
    outcomes.indices.allSatisfy { row in
      let entry = inputs[row, column]
      return entry == 0 || entry == 1 || entry.isNaN
    }
  }

  /// The questions that the columns of 0 and 1 among these answer, in the order of their columns.
  func questions(among columns: [Int]) -> [Question] {
    var order: [String] = []
    var groups: [String: [Int]] = [:]
    for column in columns where isYesOrNo(column) {
      let name = String(features[column].prefix { $0 != "=" })
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(column)
    }
    return order.map { name in
      let columns = groups[name] ?? []
      let isComplete = outcomes.indices.allSatisfy { row in
        columns.contains { inputs[row, $0] > 0 }
      }
      return Question(name: name, columns: columns, hasOther: columns.count == 1 || !isComplete)
    }
  }
}
