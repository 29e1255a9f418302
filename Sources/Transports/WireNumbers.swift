internal import SwiftProtobuf

// The values of the enumerations in memory and on the wire, one to one. A case without a number
// on the wire does not compile.

extension Consilium_Phase {
  init(_ phase: Phase) {
    switch phase {
    case .describe: self = .describe
    case .learn: self = .learn
    case .evaluate: self = .evaluate
    }
  }
}

extension Phase {
  init?(_ phase: Consilium_Phase) {
    self.init(rawValue: phase.rawValue)
  }
}

extension Consilium_Tensor.Scalar {
  init(_ scalar: Tensor.Scalar) {
    switch scalar {
    case .float32: self = .float32
    case .float64: self = .float64
    case .int64: self = .int64
    }
  }
}

extension Consilium_Refused.Code {
  init(_ code: Refusal.Code) {
    switch code {
    case .version: self = .version
    case .scenario: self = .scenario
    case .unknownHospital: self = .unknownHospital
    case .noHospitals: self = .noHospitals
    }
  }
}

extension Consilium_Farewell.Code {
  init(_ code: Farewell.Code) {
    switch code {
    case .finished: self = .finished
    case .interrupted: self = .interrupted
    case .failed: self = .failed
    }
  }
}
