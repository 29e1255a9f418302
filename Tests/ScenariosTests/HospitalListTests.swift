import Foundation
import Scenarios
import Testing

@Suite("Lists of hospitals")
struct HospitalListTests {
  private static let lists: [[String]] = [
    [], ["va"], ["h7"], HospitalRange(count: 40).names, ["ward9-98", "ward9-99", "ward9-100"],
    ["h2", "h1"], ["h1", "h3"], ["h01", "h02"], ["north", "h1", "h2", "7"], ["é1", "é2"],
  ]

  /// Holds a list to an array of the same names.
  private func check(_ list: HospitalList, _ names: [String]) throws {
    #expect(Array(list) == names && list.count == names.count)
    #expect(list.indices.map { list[$0] } == names)
    for name in names { #expect(list.firstIndex(of: name) == names.firstIndex(of: name)) }
    for stranger in ["", "h", "h0", "h99", "h1 ", "H1", "h007", "va1"] {
      #expect(list.contains(stranger) == names.contains(stranger), "\(stranger)")
    }
    #expect(list == HospitalList(names))
    #expect(try JSONDecoder().decode(HospitalList.self, from: JSONEncoder().encode(list)) == list)
    let places = HospitalPlaces(list)
    #expect(names.indices.allSatisfy { places[names[$0]] == $0 } && !places.contains("h00"))
  }

  @Test("a list has its names in order, whether a range stands for them or not", arguments: lists)
  func names(names: [String]) throws {
    try check(HospitalList(names), names)
  }

  @Test("any choice of names is a list of its own, and so is a choice of those", arguments: lists)
  func choices(names: [String]) throws {
    var random = SplitMix64(seed: UInt64(names.count))
    for _ in 0..<20 {
      let chosen = names.indices.filter { _ in Bool.random(using: &random) }
      let left = names.indices.filter { !chosen.contains($0) }
      let shuffled = chosen.shuffled(using: &random)
      let all = HospitalList(names)
      try check(all.choosing(shuffled), shuffled.map { names[$0] })
      let rest = all.leavingOut(chosen)
      try check(rest, left.map { names[$0] })
      let few = left.indices.filter { _ in Bool.random(using: &random) }
      try check(rest.choosing(few), few.map { names[left[$0]] })
      try check(
        rest.leavingOut(few), left.indices.filter { !few.contains($0) }.map { names[left[$0]] })
    }
  }

  @Test("no list is kept of names that follow each other, however they were given")
  func ranges() {
    #expect(HospitalList(HospitalRange(count: 12).names).range == HospitalRange(count: 12))
    #expect(HospitalList(["a-9", "a-10"]).range == HospitalRange("a-9..a-10"))
    #expect(HospitalList(["7", "8"]).range == HospitalRange("7..8"))
    for names in [["h2", "h1"], ["h1", "h3"], ["h1", "k2"], ["h01", "h02"], ["va"], []] {
      #expect(HospitalList(names).range == nil, "\(names)")
    }
    #expect(HospitalList(HospitalRange(count: 9)).leavingOut([]).range == HospitalRange(count: 9))
  }

  @Test("a name that is not in a range has no place in it, however like the others it is")
  func strangers() {
    let list = HospitalList(HospitalRange(count: 12))
    for stranger in [
      "", "h", "h0", "h01", "h13", "H1", "h1 ", "h-1", "h+1", "h1\u{301}", "h99999999999999999999",
    ] {
      #expect(list.firstIndex(of: stranger) == nil, "\(stranger)")
    }
  }

  @Test("letters that have several spellings are the same in all of them")
  func spellings() throws {
    let range = try #require(HospitalRange("\u{e9}1..\u{e9}3"))
    for list in [HospitalList(range), HospitalList(range.names)] {
      #expect(list.firstIndex(of: "e\u{301}2") == 1)
      #expect(HospitalPlaces(list)["e\u{301}3"] == 2)
    }
  }
}
