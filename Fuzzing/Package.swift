// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses or tests Martlet builds it: libFuzzer over the targets of Tests/FuzzTests.
// `make fuzz TARGET=name MINUTES=1` builds all of it with coverage and the address sanitizer. The modules are the project's own
// sources, by link; of those that would bring a web server or a database only the files with parsers are taken.
let package = Package(
    name: "martlet-fuzzing",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CRabbitMQ", "Martlet", "MartletAMQP", "MartletClouds", "MartletCommands", "MartletConnectors",
                "MartletEnrichers", "MartletGateway", "MartletJSON", "MartletKafka", "MartletKeystone",
                "MartletPipeline", "MartletStore", "MartletTransfer",
            ]
        ),
        .target(
            name: "MartletCommands",
            dependencies: [
                "Martlet", "MartletJSON", "MartletPipeline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            sources: [
                "Connection/CommandFailure.swift", "Publish/InputBuffer.swift", "Publish/ItemReader.swift",
                "Terminal",
            ]
        ),
        .target(
            name: "MartletGateway",
            dependencies: [
                "Martlet", "MartletAMQP", "MartletClouds", "MartletConnectors", "MartletEnrichers", "MartletKafka",
                "MartletPipeline",
                .product(name: "Logging", package: "swift-log"), .product(name: "Yams", package: "Yams"),
            ],
            sources: ["Composition/BuiltInComponents.swift", "Configuration", "Trial/TrialAddress.swift"]
        ),
        .target(
            name: "MartletStore",
            dependencies: ["Martlet", "MartletPipeline"],
            sources: [
                "Log/EventEncoder.swift", "Log/EventField.swift", "Log/FieldReader.swift", "Log/FieldWriter.swift",
                "Log/PartialEvent.swift", "Log/UUIDText.swift",
            ]
        ),
        .target(
            name: "MartletConnectors",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON", "MartletKeystone", "MartletPipeline", "MartletTransfer",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletEnrichers",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON", "MartletKeystone", "MartletPipeline", "MartletTransfer",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "MartletKeystone",
            dependencies: ["Martlet", "MartletJSON", "MartletPipeline", "MartletTransfer"]
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
            name: "MartletPipeline",
            dependencies: [
                "Martlet", "MartletClouds", "MartletJSON",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "MartletClouds", dependencies: ["Martlet", "MartletJSON"]),
        .target(name: "MartletTransfer", dependencies: ["CCurl"]),
        .target(name: "Martlet", dependencies: ["MartletJSON"]),
        .target(name: "MartletJSON", dependencies: ["CSimdJSON"]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    ],
    cxxLanguageStandard: .cxx17
)

for target in package.targets where target.type != .system && target.name != "CSimdJSON" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .unsafeFlags(["-enable-testing", "-sanitize=fuzzer,address"]),
    ]
    guard target.name == "fuzz" else { continue }
    target.swiftSettings?.append(.unsafeFlags(["-parse-as-library"]))
    target.linkerSettings = [.unsafeFlags(["-sanitize=fuzzer,address"])]
}
