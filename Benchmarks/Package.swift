// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Martlet resolves or builds it. The modules it measures are the project's own
// sources, by link: they see each other's package-level declarations here as there.
let package = Package(
    name: "martlet-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "CBareClients", "Martlet", "MartletClouds", "MartletJSON", "MartletPipeline", "MartletStore",
                "MartletTesting", "MartletTransfer", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletStore",
            dependencies: [
                "CChecksum", "Martlet", "MartletClouds", "MartletJSON", "MartletPipeline",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletPipeline",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "MartletClouds", dependencies: ["Martlet", "MartletJSON"]),
        .target(name: "MartletTransfer", dependencies: ["CCurl"]),
        // Of the project's test servers, those alone that are measured against.
        .target(name: "MartletTesting", dependencies: ["MartletJSON"]),
        .target(name: "CBareClients", dependencies: ["CRabbitMQ", "CRdKafka"]),
        .target(name: "Martlet", dependencies: ["MartletJSON"]),
        .target(name: "MartletJSON", dependencies: ["CSimdJSON"]),
        .target(name: "CChecksum"),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    ],
    cxxLanguageStandard: .cxx17
)

let targetsInC: Set = ["CBareClients", "CChecksum", "CSimdJSON"]

for target in package.targets where target.type != .system && !targetsInC.contains(target.name) {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
