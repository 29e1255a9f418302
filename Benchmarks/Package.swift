// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds the programs builds the benchmarks.
let package = Package(
  name: "consilium-benchmarks",
  dependencies: [.package(name: "consilium", path: "..")],
  targets: [
    .target(name: "CAllocationCounter"),
    .executableTarget(
      name: "numeric-heart",
      dependencies: [
        "CAllocationCounter",
        .product(name: "Cohorts", package: "consilium"),
        .product(name: "MetaLearning", package: "consilium"),
        .product(name: "Models", package: "consilium"),
        .product(name: "Tensors", package: "consilium"),
      ]),
    .executableTarget(
      name: "federation-rounds",
      dependencies: [
        .product(name: "Aggregation", package: "consilium"),
        .product(name: "Cohorts", package: "consilium"),
        .product(name: "Federation", package: "consilium"),
        .product(name: "MetaLearning", package: "consilium"),
        .product(name: "Models", package: "consilium"),
        .product(name: "Scenarios", package: "consilium"),
        .product(name: "Tensors", package: "consilium"),
        .product(name: "ZeroMQTransport", package: "consilium"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.name != "CAllocationCounter" {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ]
}
