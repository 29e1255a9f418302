/// The version of the contract that this program speaks, the `version` of every envelope.
public let protocolVersion: UInt32 = 1
