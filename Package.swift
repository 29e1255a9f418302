// swift-tools-version: 6.2
import PackageDescription

// The target list is the architecture: one target per noun, arrows point down only, and
// `--explicit-target-dependency-import-check error` refuses the rest. A system library has exactly
// one importer.

// MARK: Programs

let programs: [Target] = [
  .executableTarget(
    name: "coordinator",
    dependencies: [
      "Federation", "Options", "Reports", "Scenarios", "ZeroMQTransport", .argumentParser,
    ]),
  .executableTarget(
    name: "hospital-node",
    dependencies: [
      "Federation", "Options", "Reports", "Scenarios", "Transports", "ZeroMQTransport",
      .argumentParser,
    ]),
  .executableTarget(
    name: "replay",
    dependencies: [
      "Federation", "Options", "Reports", "Scenarios", "Transports", "ZeroMQTransport",
      .argumentParser, .subprocess, .system,
    ]),
  .target(name: "Options", dependencies: ["Reports", "Scenarios", .argumentParser]),
]

// MARK: How a run goes, what it leaves behind

let federation: [Target] = [
  .target(
    name: "Federation",
    dependencies: [
      "Aggregation", "Cohorts", "Cryptography", "MetaLearning", "Models", "Privacy", "Scenarios",
      "Tensors", "Transports",
    ]),
  .target(
    name: "Reports",
    dependencies: [
      "Cohorts", "Federation", "MetaLearning", "Scenarios", "Tensors", "Transports",
    ]),
]

// MARK: How envelopes move, what keeps data home

let transports: [Target] = [
  .target(name: "Transports", dependencies: [.protobuf], exclude: ["consilium.proto"]),
  .target(name: "ZeroMQTransport", dependencies: ["Transports", "CZeroMQ"]),
  .target(name: "Privacy"),
]

// MARK: What an experiment is, learning to learn, many updates become one

let learning: [Target] = [
  .target(name: "Scenarios", dependencies: [.yams]),
  .target(name: "MetaLearning", dependencies: ["Autodiff", "Cohorts", "Models", "Tensors"]),
  .target(name: "Aggregation", dependencies: ["Tensors"]),
]

// MARK: Patients and episodes, what is trained, derivatives, numbers

let foundations: [Target] = [
  .target(name: "Cohorts", dependencies: ["Cryptography", "Tensors"]),
  .target(name: "Models", dependencies: ["Autodiff", "Tensors"]),
  .target(name: "Autodiff", dependencies: ["Tensors"]),
  .target(name: "Tensors", dependencies: ["COpenBLAS"]),
  .target(name: "Cryptography", dependencies: ["CSodium"]),
  .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
  .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
  .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
]

// MARK: Tests

let tests: [Target] = [
  .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
  .testTarget(name: "AutodiffTests", dependencies: ["Autodiff", "Tensors"]),
  .testTarget(name: "ModelsTests", dependencies: ["Autodiff", "Models", "Tensors"]),
  .testTarget(
    name: "MetaLearningTests",
    dependencies: ["Autodiff", "Cohorts", "MetaLearning", "Models", "Tensors"]),
  .testTarget(
    name: "GoldenTests", dependencies: ["Cohorts", "MetaLearning", "Models", "Tensors"],
    exclude: ["Cases"]),
  .testTarget(name: "AggregationTests", dependencies: ["Aggregation", "Tensors"]),
  .testTarget(name: "PrivacyTests", dependencies: ["Privacy"]),
  .testTarget(name: "CohortsTests", dependencies: ["Cohorts", "Cryptography", "Tensors"]),
  .testTarget(
    name: "ScenariosTests", dependencies: ["Scenarios"], exclude: ["Broken"]),
  .testTarget(name: "TransportsTests", dependencies: ["Transports", "Tensors"]),
  .testTarget(
    name: "ZeroMQTransportTests", dependencies: ["CZeroMQ", "Transports", "ZeroMQTransport"]),
  .testTarget(
    name: "FederationTests",
    dependencies: [
      "Cohorts", "Federation", "MetaLearning", "Models", "Scenarios", "Tensors", "Transports",
    ]),
  .testTarget(
    name: "ReportsTests",
    dependencies: [
      "Cohorts", "Cryptography", "Federation", "MetaLearning", "Reports", "Scenarios", "Transports",
    ]),
  .testTarget(
    name: "ProgramsTests",
    dependencies: [
      "CZeroMQ", "Cohorts", "Cryptography", "Federation", "Reports", "Scenarios", "Tensors",
      "Transports", "ZeroMQTransport",
    ]),
]

/// What the package of the benchmarks takes apart.
let measured = [
  "Aggregation", "Cohorts", "Federation", "MetaLearning", "Models", "Scenarios", "Tensors",
  "ZeroMQTransport",
]

let package = Package(
  name: "consilium",
  products: [
    .executable(name: "coordinator", targets: ["coordinator"]),
    .executable(name: "hospital-node", targets: ["hospital-node"]),
    .executable(name: "replay", targets: ["replay"]),
  ] + measured.map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: programs + federation + transports + learning + foundations + tests,
  swiftLanguageModes: [.v6]
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ]
}

extension Target.Dependency {
  static var argumentParser: Self {
    .product(name: "ArgumentParser", package: "swift-argument-parser")
  }
  static var protobuf: Self { .product(name: "SwiftProtobuf", package: "swift-protobuf") }
  static var subprocess: Self { .product(name: "Subprocess", package: "swift-subprocess") }
  static var system: Self { .product(name: "SystemPackage", package: "swift-system") }
  static var yams: Self { .product(name: "Yams", package: "Yams") }
}
