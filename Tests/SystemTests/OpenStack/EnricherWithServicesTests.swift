import Foundation
import MartletJSON
import MartletTesting
import Testing

/// The enricher `openstack` with a real Keystone's tokens and catalogue, and a real Glance behind it.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: OpenStackCloud.isInstalled, Comment(rawValue: OpenStackCloud.absenceReason))
)
struct EnricherWithServicesTests {
    /// The first request that is about an image's making, as the receiver got it.
    private static func creation(of image: String, at receiver: Receiver) throws -> JSONValue? {
        try receiver.requests.map { try JSONDocument(parsing: $0.body).root }.first {
            $0["type"]?.string == "org.openstack.image.create" && $0["resourceid"]?.string == image
        }
    }

    @Test(arguments: CloudReader.Credential.allCases)
    func `an image is read back through the catalogue, with its project's name, also after its token was revoked`(
        credential: CloudReader.Credential
    ) async throws {
        let cloud = try await OpenStackCloud.shared
        let reader = try await CloudReader(credential.rawValue, in: cloud)
        let receiver = try await Receiver()
        let server = try await cloud.serve(
            "enricher-\(credential.rawValue)",
            more: """
                enrichers:
                  - openstack: { cloud: osp, keystone: \(reader.section(credential, cloud)), timeout: 30s }
                forwarders:
                  images:
                    match: ["glance.#"]
                    webhook: { url: "\(receiver.url)" }
                    enrich-wait: 60s
                """
        )
        try await expectNames(cloud, credential, "before", server, receiver)

        // A password that is set revokes every token of its user, and no application credential.
        let former = try await reader.logIn(by: credential, at: cloud)
        let user = "users/\(former.userID)"
        try await cloud.keystone.request(
            "PATCH",
            user,
            #"{"user":{"password":"\#(reader.password)"}}"#,
            as: cloud.administrator
        )
        await #expect(throws: (any Error).self, "Martlet's token is no good either") {
            try await cloud.keystone.request("GET", user, as: former)
        }
        // Nor is one of the very second in which they were revoked.
        try await eventually("tokens are good again") {
            let login = try await reader.logIn(by: credential, at: cloud)
            return (try? await cloud.keystone.request("GET", user, as: login)) != nil
        }
        try await expectNames(cloud, credential, "after", server, receiver)

        let log = server.logText
        #expect(!log.contains(reader.password) && !log.contains(reader.application.secret))
        #expect(server.stop() == 0)
        try await receiver.close()
    }

    /// Makes a project and an image of its; what is forwarded has the image's document from Glance, and the project's name.
    private func expectNames(
        _ cloud: OpenStackCloud,
        _ credential: CloudReader.Credential,
        _ when: String,
        _ server: Server,
        _ receiver: Receiver
    ) async throws {
        let project = "\(credential.rawValue)-\(when)"
        let member = try await cloud.makeMember(of: project)
        try await server.waitForName(project, ofProject: member.project)
        let image = try await cloud.glance.makeImage("image of \(project)", as: member.login)
        try await eventually("it is forwarded") { try Self.creation(of: image, at: receiver) != nil }
        let event = try #require(try Self.creation(of: image, at: receiver))
        let resource = try #require(event["data"]?["resource"])
        #expect(resource["enrichment"]?.string == "complete")
        #expect(resource["names"]?["tenantid"]?[member.project]?.string == project)
        #expect(resource["tenantid"]?.string == member.project)
        let details = resource["document"]?["details"]
        #expect(details?["name"]?.string == "image of \(project)")
        // Only the API says where an image's bytes are.
        #expect(details?["file"]?.string == "/v2/images/\(image)/file", "\(event)")
    }
}
