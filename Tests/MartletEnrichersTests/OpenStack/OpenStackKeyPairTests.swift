import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// Key pairs, which Nova has for one user at a time, from a stand-in for OpenStack's services.
@Suite(.timeLimit(.minutes(3))) struct OpenStackKeyPairTests {
    @Test func `a key pair is asked for by its user and its name, in the version of the API that knows other users`()
        async throws
    {
        let rig = try await OpenStackRig()
        try await rig.cloud.setResources(
            """
            {"os-keypairs": [{"id": "u1:a b", "user_id": "u1", "name": "a b", "fingerprint": "SHA256:1", "public_key": "ssh-rsa A"},
              {"id": "u2:a b", "user_id": "u2", "name": "a b", "fingerprint": "SHA256:2", "public_key": "ssh-rsa B"}]}
            """
        )
        let facts = try #require(await rig.facts("SSHKeyPair", "u2:a b"))
        #expect(facts.name == "a b" && facts.ids("user") == ["u2"])
        #expect(facts.text.contains("SHA256:2"))
        #expect(facts.ownerID == nil, "it is a user's, and no project's")
        #expect(try await rig.facts("SSHKeyPair", "u3:a b") == nil)
        #expect(try await rig.cloud.requests().contains("GET /compute/v2.1/os-keypairs/a%20b?user_id=u2"))
        #expect(await rig.failure("SSHKeyPair", "nobody's")?.description.contains("other ids") == true)
    }

    @Test func `they are listed only where it is wanted, by the ids that events have, once for each user`() async throws
    {
        let unasked = try await OpenStackRig()
        #expect(try #require(unasked.enricher.inventory).types.contains("SSHKeyPair") == false)

        let rig = try await OpenStackRig(more: ["key-pairs": .boolean(true)])
        try await rig.cloud.seed(servers: 400)
        let inventory = try #require(rig.enricher.inventory)
        let users = await InventoryReading("User", of: inventory).ids
        let before = try await rig.cloud.requests().count
        let reading = await InventoryReading("SSHKeyPair", of: inventory)
        #expect(reading.isWhole && reading.ids.count == users.count / 5)
        #expect(reading.resources.allSatisfy { $0.facts.ids("user").count == 1 })
        #expect(reading.resources.allSatisfy { "\($0.facts.ids("user")[0]):\($0.facts.name ?? "")" == $0.resource.id })
        let asked = try await rig.cloud.requests().dropFirst(before).filter { $0.contains("/os-keypairs") }
        #expect(asked.count == users.count)
    }

    @Test func `many users without any do not keep a failure from being asked for again by itself`() async throws {
        let rig = try await OpenStackRig(more: ["key-pairs": .boolean(true)])
        func rows(_ count: Int) -> String { (0..<count).map { #"{"id": "u\#($0)"}"# }.joined(separator: ",") }
        try await rig.cloud.setResources(
            #"{"domains": [{"id": "default"}], "users": [\#(rows(250))], "os-keypairs": [{"user_id": "u249", "name": "k"}]}"#
        )
        try await rig.cloud.script(
            "[\((0..<200).map { _ in "{}" }.joined(separator: ",")), {\"status\": 503}, {}]"
        )
        let reading = await InventoryReading("SSHKeyPair", of: try #require(rig.enricher.inventory), asking: 2)
        #expect(reading.isWhole && reading.ids == ["u249:k"] && reading.failures.count == 1)
        #expect(reading.pages == [0, 1])
        let asked = try await rig.cloud.requests().filter { $0.contains("/os-keypairs") }
        #expect(asked.count == 251, "the one that failed comes twice")
    }

    @Test func `who may not see others' key pairs is refused`() async throws {
        let rig = try await OpenStackRig(more: ["key-pairs": .boolean(true)])
        try await rig.cloud.seed(servers: 40)
        try await rig.cloud.setSeers(#"{"identity": ["member"]}"#)
        try await rig.cloud.setRoles(["member"])
        let reading = await InventoryReading("SSHKeyPair", of: try #require(rig.enricher.inventory))
        #expect(reading.refusal?.description.contains("403") == true && reading.refusal?.isBehindAll == false)
    }
}
