import Foundation
import MartletJSON
import MartletTesting
import Testing

/// A cloud of OpenStack's own services that only one test changes, so that it knows all that a sync may find.
struct SyncedCloud: Sendable {
    /// What a sync found of one resource.
    struct Difference: Hashable, Sendable {
        var found: String
        var type: String
        var id: String
    }

    /// What the command printed.
    struct Result: Sendable {
        var status: Int32
        var answer: JSONValue

        var types: [String: JSONValue] {
            let pairs = answer["types"]?.elements.map { ($0["type"]?.string ?? "", $0) } ?? []
            return Dictionary(pairs) { $1 }
        }

        var completeTypes: Set<String> { Set(types.filter { $0.value["state"]?.string == "complete" }.keys) }

        var differences: [Difference] {
            answer["differences"]?.elements.map {
                Difference(
                    found: $0["found"]?.string ?? "",
                    type: $0["type"]?.string ?? "",
                    id: $0["id"]?.string ?? ""
                )
            } ?? []
        }
    }

    /// What there is before the first sync.
    struct Seed: Sendable {
        var member: OpenStackCloud.Member
        var spare: OpenStackCloud.Member
        /// Of the administrator, of the member, a hidden one.
        var images: [String]
        var domain: String
        var group: String
        var role: String
    }

    /// What has become of a resource.
    struct Life: Sendable {
        var type: String
        var id: String
        /// `nil` where it is gone.
        var name: String?
        var state: String?

        init(_ type: String, _ id: String, _ name: String?, _ state: String? = nil) {
            (self.type, self.id, self.name, self.state) = (type, id, name, state)
        }
    }

    let cloud: OpenStackCloud
    let reader: CloudReader

    init(_ name: String) async throws {
        cloud = try await OpenStackCloud.start(name)
        reader = try await CloudReader(name, in: cloud)
    }

    var sourceConfiguration: String {
        """
        sources:
          osp:
            amqp:
              transport-url: "\(cloud.host.url.replacing("amqp://", with: "rabbit://"))"
              exchanges: [glance, keystone]
              durable-exchanges: false
              queue: martlet
            format: oslo

        """
    }

    /// The enricher, and a forwarder that wants what a sync finds and nothing else.
    func configuration(_ receiver: Receiver?) -> String {
        var text = """
            enrichers:
              - openstack: { cloud: osp, keystone: \(reader.section(.application, cloud)), timeout: 30s }

            """
        if let receiver {
            text += """
                forwarders:
                  cmdb:
                    webhook: { url: "\(receiver.url)" }
                    match: [{ topic: "openstack.ResourceStateEvent.#" }]
                    sync: true

                """
        }
        return text
    }

    /// Runs the command to its end.
    func sync(_ server: Server, _ options: String...) async throws -> Result {
        let environment = ["MARTLET_URL": server.url, "MARTLET_TOKEN": server.token]
        let result = try await Command.run(
            Server.binary.path,
            ["sync", "openstack", "--json"] + options,
            environment: environment
        )
        let answer = try JSONDocument(parsing: Array(result.output.utf8)).root
        #expect(answer["state"]?.string == "finished", "\(result.output)\(result.errors)")
        return Result(status: result.status, answer: answer)
    }
}

extension SyncedCloud.Difference {
    init(event: JSONValue) {
        let type = event["type"]?.string ?? ""
        self.init(
            found: String(type.split(separator: ".").last ?? ""),
            type: event["resourcetype"]?.string ?? "",
            id: event["resourceid"]?.string ?? ""
        )
    }
}
