/// Why a golden case cannot be checked.
enum GoldenError: Error, Equatable, CustomStringConvertible {
  case noCases(directory: String)
  case notAnObject(String)
  case missing(String)
  case unknown(String)
  case malformed(String, expected: String)

  var description: String {
    switch self {
    case .noCases(let directory): "\(directory) holds no golden case (*.json)"
    case .notAnObject(let file): "\(file) is not a JSON object"
    case .missing(let field): "\(field) is missing"
    case .unknown(let field): "\(field) is not known here, and so is not checked"
    case .malformed(let field, let expected): "\(field) is not \(expected)"
    }
  }
}
