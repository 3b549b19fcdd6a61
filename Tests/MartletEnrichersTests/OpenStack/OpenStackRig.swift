import Logging
import Martlet
import MartletClouds
import MartletJSON
import MartletKeystone
import MartletPipeline
import MartletTesting

@testable import MartletEnrichers

/// An enricher with a stand-in for OpenStack's services.
struct OpenStackRig {
    let cloud: OpenStackStandIn
    let enricher: OpenStackEnricher
    let log = LogCapture()

    init(
        secret: String = OpenStackStandIn.secret,
        timeout: Duration = .seconds(30),
        interface: String? = nil,
        time: any TimeSource = SystemTime(),
        more: [String: ComponentSettings.Value] = [:]
    ) async throws {
        cloud = try await OpenStackStandIn.start()
        var settings = OpenStackRig.settings(cloud.url, secret: secret, timeout: timeout, interface: interface)
        for (name, value) in more { settings = settings.adding(name, value) }
        enricher = try OpenStackEnricher(
            settings: settings,
            context: ComponentContext(name: "osp", body: .enriched, time: time, logger: log.logger)
        )
    }

    static func settings(
        _ url: String,
        secret: String = OpenStackStandIn.secret,
        timeout: Duration = .seconds(30),
        interface: String? = nil
    ) -> ComponentSettings {
        var keystone: [String: ComponentSettings.Value] = [
            "auth-url": .string(url), "application-credential-id": .string("i1"),
            "application-credential-secret": .string(secret), "timeout": .duration(timeout),
        ]
        if let interface { keystone["interface"] = .string(interface) }
        return ComponentSettings([
            "cloud": .string("osp"), "keystone": .section(ComponentSettings(keystone)), "timeout": .duration(timeout),
        ])
    }

    func facts(_ type: String, _ id: String) async throws -> ResourceFacts? {
        try await enricher.facts(of: ResourceReference(type: type, id: id))
    }

    /// Why there is no answer; `nil` where there is one.
    func failure(_ type: String = "Network", _ id: String = "n1") async -> EnricherError? {
        do {
            _ = try await facts(type, id)
            return nil
        } catch {
            return error as? EnricherError
        }
    }
}
