// swift-tools-version: 6.2
import PackageDescription

// Dependencies point downwards only; nothing in one row imports its neighbour (docs/ARCHITECTURE.md).
let package = Package(
    name: "martlet",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        .library(name: "Martlet", targets: ["Martlet"]),
        .library(name: "MartletAMQP", targets: ["MartletAMQP"]),
        .library(name: "MartletKafka", targets: ["MartletKafka"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .executableTarget(name: "martlet", dependencies: ["CMalloc", "MartletCommands"]),
        .target(
            name: "MartletCommands",
            dependencies: [
                "Martlet", "MartletAMQP", "MartletClient", "MartletGateway", "MartletJSON", "MartletKafka",
                "MartletPipeline", "MartletStore",
                "MartletTransfer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletGateway",
            dependencies: [
                "Martlet", "MartletAMQP", "MartletClient", "MartletClouds", "MartletConnectors", "MartletEnrichers",
                "MartletHTTP", "MartletKafka", "MartletPipeline", "MartletStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "MartletHTTP",
            dependencies: [
                "Martlet", "MartletClient", "MartletJSON", "MartletPipeline",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "MartletStore",
            dependencies: [
                "CChecksum", "Martlet", "MartletClouds", "MartletJSON", "MartletPipeline",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletConnectors",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON", "MartletKeystone", "MartletPipeline", "MartletTransfer",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletEnrichers",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON", "MartletKeystone", "MartletPipeline", "MartletTransfer",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletAMQP",
            dependencies: [
                "CRabbitMQ", "Martlet", "MartletJSON", "MartletPipeline",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletKafka",
            dependencies: [
                "CRdKafka", "Martlet", "MartletClouds", "MartletJSON", "MartletPipeline",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletKeystone",
            dependencies: [
                "Martlet", "MartletJSON", "MartletPipeline", "MartletTransfer",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletPipeline",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "MartletClouds", dependencies: ["Martlet", "MartletJSON"]),
        .target(name: "MartletClient", dependencies: ["Martlet", "MartletJSON", "MartletTransfer"]),
        .target(name: "MartletTransfer", dependencies: ["CCurl"]),
        .target(name: "Martlet", dependencies: ["MartletJSON"]),
        .target(name: "MartletJSON", dependencies: ["CSimdJSON"]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CChecksum"),
        .target(name: "CMalloc", linkerSettings: [.linkedLibrary("jemalloc", .when(platforms: [.linux]))]),
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "MartletTesting",
            dependencies: [
                "Martlet", "MartletJSON", "MartletPipeline", .product(name: "Logging", package: "swift-log"),
            ]
        ),

        .testTarget(name: "MartletJSONTests", dependencies: ["MartletJSON", "MartletTesting"]),
        .testTarget(name: "MartletTests", dependencies: ["Martlet", "MartletJSON", "MartletTesting"]),
        .testTarget(name: "MartletTransferTests", dependencies: ["MartletTesting", "MartletTransfer"]),
        .testTarget(
            name: "MartletCloudsTests",
            dependencies: ["Martlet", "MartletClouds", "MartletJSON", "MartletTesting"]
        ),
        .testTarget(
            name: "MartletPipelineTests",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON", "MartletPipeline", "MartletTesting",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletKeystoneTests",
            dependencies: [
                "MartletJSON", "MartletKeystone", "MartletPipeline", "MartletTesting", "MartletTransfer",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletStoreTests",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON", "MartletPipeline", "MartletStore", "MartletTesting",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletConnectorsTests",
            dependencies: [
                "Martlet", "MartletConnectors", "MartletJSON", "MartletPipeline", "MartletTesting", "MartletTransfer",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletEnrichersTests",
            dependencies: [
                "Martlet", "MartletClouds", "MartletEnrichers", "MartletJSON", "MartletKeystone", "MartletPipeline",
                "MartletTesting", "MartletTransfer", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletAMQPTests",
            dependencies: [
                "Martlet", "MartletAMQP", "MartletJSON", "MartletPipeline", "MartletTesting",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletKafkaTests",
            dependencies: [
                "Martlet", "MartletJSON", "MartletKafka", "MartletPipeline", "MartletTesting",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletGatewayTests",
            dependencies: [
                "Martlet", "MartletGateway", "MartletPipeline", "MartletTesting",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "MartletHTTPTests",
            dependencies: [
                "Martlet", "MartletClient", "MartletClouds", "MartletHTTP", "MartletJSON", "MartletPipeline",
                "MartletTesting", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "MartletCommandsTests",
            dependencies: [
                "Martlet", "MartletClient", "MartletClouds", "MartletCommands", "MartletGateway", "MartletJSON",
                "MartletPipeline", "MartletStore", "MartletTesting", "MartletTransfer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "CRabbitMQ", "Martlet", "MartletAMQP", "MartletClient", "MartletClouds", "MartletCommands",
                "MartletConnectors", "MartletEnrichers", "MartletGateway", "MartletHTTP", "MartletJSON", "MartletKafka",
                "MartletKeystone", "MartletPipeline", "MartletStore", "MartletTesting", "MartletTransfer",
            ],
            exclude: ["corpus"]
        ),
        .testTarget(
            name: "SystemTests",
            dependencies: [
                "Martlet", "MartletJSON", "MartletPipeline", "MartletStore", "MartletTesting", "MartletTransfer",
                "martlet",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
    ],
    cxxLanguageStandard: .cxx17
)

// One dialect for every Swift target: Swift 6 with the features that its successor makes the default, and no warnings.
let targetsInC: Set = ["CChecksum", "CMalloc", "CSimdJSON"]

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
