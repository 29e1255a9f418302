import Glibc
import Tensors
import Testing

struct ExponentialTests {
  /// The largest distance from the truth over a sweep, in units in the last place of the truth.
  private func worst(
    _ range: ClosedRange<Float>, _ function: (Lanes) -> Lanes, _ truth: (Double) -> Double
  ) -> Double {
    let count = 200_000
    return (0..<count).reduce(0) { worst, step in
      let x = range.lowerBound + (range.upperBound - range.lowerBound) * Float(step) / Float(count)
      let exact = truth(Double(x))
      let error = abs(Double(function(Lanes(repeating: x))[3]) - exact)
      return max(worst, error / Double(Float(exact).ulp))
    }
  }

  @Test("the exponential is within 2 ulp")
  func exponential() {
    #expect(worst(-87...88, Exponential.exp, exp) < 2)
    #expect(worst(-0.01...0.01, Exponential.exp, exp) < 2)
  }

  @Test("the hyperbolic tangent is within 3 ulp, near zero too")
  func tangent() {
    #expect(worst(-10...10, Exponential.tanh, tanh) < 3)
    #expect(worst(-0.7...0.7, Exponential.tanh, tanh) < 3)
    #expect(worst(-1e-5...1e-5, Exponential.tanh, tanh) < 3)
  }

  @Test("the logistic function is within 3 ulp")
  func logistic() {
    #expect(worst(-80...80, Exponential.sigmoid) { 1 / (1 + exp(-$0)) } < 3)
  }

  @Test("beyond the range of Float they end where they should")
  func extremes() {
    #expect(Exponential.tanh(Lanes(repeating: 1e30))[0] == 1)
    #expect(Exponential.tanh(Lanes(repeating: -1e30))[0] == -1)
    #expect(Exponential.sigmoid(Lanes(repeating: 1e30))[0] == 1)
    #expect(Exponential.sigmoid(Lanes(repeating: -1e30))[0] < 1e-37)
    #expect(Exponential.exp(Lanes(repeating: 1e30))[0].isFinite)
    #expect(Exponential.exp(Lanes(repeating: -1e30))[0] < 2e-38)
  }
}
