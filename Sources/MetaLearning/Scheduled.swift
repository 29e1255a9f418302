/// An algorithm that goes about rounds differently as time goes on.
public protocol Scheduled: AnyObject {
  /// Takes the settings of a round, counted from 1; everything after is of it.
  func begin(round: Int)
}

extension MAMLPlusPlus: Scheduled {
  /// Takes the settings of a round, counted from 1; the paper counts from 0.
  public func begin(round: Int) { self.round = round - 1 }
}
