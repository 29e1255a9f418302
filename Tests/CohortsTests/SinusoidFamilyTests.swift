import Cohorts
import Foundation
import Tensors
import Testing

@Suite("Sine waves")
struct SinusoidFamilyTests {
  @Test(
    "support and query lie on one wave: amplitude, phase and frequency fit both",
    arguments: 0..<20 as Range<UInt64>)
  func oneWave(seed: UInt64) {
    // Of a known frequency, a wave is a combination of sine and cosine that two points decide.
    let family = SinusoidFamily(frequency: 1.5...1.5)
    var random = RandomStream(seed: seed)
    let episode = family.trainingEpisode(support: 10, query: 10, using: &random)
    let (sine, cosine) = fit(episode.support, frequency: 1.5)
    for (x, y) in zip(episode.query.inputs.scalars, episode.query.outcomes) {
      let expected = sine * sin(1.5 * Double(x)) + cosine * cos(1.5 * Double(x))
      #expect(abs(expected - Double(y)) < 1e-4)
    }
    let amplitude = (sine * sine + cosine * cosine).squareRoot()
    #expect((0.0999...5.001).contains(amplitude))
    #expect((-1e-4...(.pi + 1e-4)).contains(atan2(-cosine, sine)))
  }

  /// Least squares of y on sin(fx) and cos(fx).
  private func fit(_ examples: Examples, frequency: Double) -> (Double, Double) {
    var (ss, sc, cc, sy, cy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (x, y) in zip(examples.inputs.scalars, examples.outcomes) {
      let (s, c) = (sin(frequency * Double(x)), cos(frequency * Double(x)))
      ss += s * s
      sc += s * c
      cc += c * c
      sy += s * Double(y)
      cy += c * Double(y)
    }
    let determinant = ss * cc - sc * sc
    return ((sy * cc - cy * sc) / determinant, (cy * ss - sy * sc) / determinant)
  }

  @Test("points lie in the range of inputs, and sizes are those asked for")
  func ranges() {
    let family = SinusoidFamily(inputs: 2...3)
    var random = RandomStream(seed: 1)
    let episode = family.trainingEpisode(support: 7, query: 13, using: &random)
    #expect(episode.support.count == 7)
    #expect(episode.query.count == 13)
    let points = episode.support.inputs.scalars + episode.query.inputs.scalars
    #expect(points.allSatisfy { (2...3).contains($0) })
    #expect(Set(episode.support.inputs.scalars).isDisjoint(with: episode.query.inputs.scalars))
  }

  @Test("a grid is even, from one end to the other")
  func grid() {
    let family = SinusoidFamily(points: .grid, judgedPoints: 101)
    var random = RandomStream(seed: 1)
    let judged = family.judgingEpisode(shots: 10, using: &random).query.inputs.scalars
    #expect(judged == (0..<101).map { Float(Double($0) / 10 - 5) })
  }

  @Test("random points of judgement are a hundred, new in every episode")
  func randomPoints() {
    var random = RandomStream(seed: 1)
    let family = SinusoidFamily()
    let first = family.judgingEpisode(shots: 5, using: &random)
    let second = family.judgingEpisode(shots: 5, using: &random)
    #expect(first.query.count == 100)
    #expect(first.query.inputs != second.query.inputs)
  }

  @Test("the same stream draws the same wave, and no patients are behind it")
  func determinism() {
    let family = SinusoidFamily()
    var (one, other) = (RandomStream(seed: 6), RandomStream(seed: 6))
    #expect(
      family.trainingEpisode(support: 5, query: 5, using: &one)
        == family.trainingEpisode(support: 5, query: 5, using: &other))
    #expect(family.patients == nil)
  }
}
