import Logging
import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting

@testable import MartletEnrichers

/// An enricher with a stand-in for CloudStack's API.
struct CloudStackRig {
    let cloud: CloudStackStandIn
    let enricher: CloudStackEnricher
    let log = LogCapture()

    init(
        secretKey: String = CloudStackStandIn.secretKey,
        timeout: Duration = .seconds(30),
        cache: Duration = .seconds(600),
        time: any TimeSource = SystemTime()
    ) async throws {
        cloud = try await CloudStackStandIn.start()
        enricher = try CloudStackEnricher(
            settings: ComponentSettings([
                "cloud": .string("prod"), "endpoint": .string(cloud.endpoint),
                "api-key": .string(CloudStackStandIn.apiKey), "secret-key": .string(secretKey),
                "timeout": .duration(timeout), "cache": .duration(cache),
            ]),
            context: ComponentContext(name: "prod", body: .enriched, time: time, logger: log.logger)
        )
    }

    func facts(_ type: String, _ id: String) async throws -> ResourceFacts? {
        try await enricher.facts(of: ResourceReference(type: type, id: id))
    }

    /// Why there is no answer; `nil` where there is one.
    func failure(_ type: String = "Zone", _ id: String = "z1") async -> EnricherError? {
        do {
            _ = try await facts(type, id)
            return nil
        } catch {
            return error as? EnricherError
        }
    }
}

extension ResourceFacts {
    /// The ids of the relations of a kind.
    func ids(_ kind: String) -> [String] { relations.filter { $0.kind == kind }.map(\.id) }

    /// The document, as text.
    var text: String { details.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
