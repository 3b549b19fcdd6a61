import Foundation
import MartletJSON

/// A stand-in for Keystone, Nova, Cinder, Glance and Neutron: it has what it is told to have, and fails as it is told.
package final class OpenStackStandIn: Sendable {
    package static let secret = "s33ded application secret"
    /// Of the project that tokens are for.
    package static let projectID = "f1d2d2f924e986ac86fdf7b36c94bcdf"

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Tests/Tools/openstack-stand-in/openstack-stand-in.py")

    private let standIn: StandInProcess

    /// Starts it and returns when it answers.
    package static func start() async throws -> OpenStackStandIn {
        OpenStackStandIn(try await StandInProcess.start(script: script, arguments: [secret]))
    }

    private init(_ standIn: StandInProcess) { self.standIn = standIn }

    /// Keystone's address.
    package var url: String { "http://127.0.0.1:\(standIn.port)/identity/v3" }

    /// What the collections hold: an object of `{"servers": [{…}]}`.
    package func setResources(_ json: String) async throws { try await standIn.put("resources", json) }

    /// Gives it a large cloud: every collection has something, of many projects.
    package func seed(servers: Int = 2_000) async throws { try await standIn.put("seed", #"{"servers": \#(servers)}"#) }

    /// Changes and adds resources: `{"servers": {"s1": {"status": "SHUTOFF"}}}`; `null` takes one out.
    package func patch(_ json: String) async throws { try await standIn.put("patch", json) }

    /// The roles of the tokens that it gives from now on; `admin` unless it is told otherwise.
    package func setRoles(_ roles: [String]) async throws {
        try await standIn.put("roles", "[\(roles.map { "\"\($0)\"" }.joined(separator: ","))]")
    }

    /// The roles that see everything by the policies of a service, `admin` besides: `{"volumev3": ["auditor"]}`.
    package func setSeers(_ json: String) async throws { try await standIn.put("seers", json) }

    /// How services bound their lists: `list_limit` and `identity_page` of Keystone, `domain_drivers`, `network_unpaged`.
    package func setLimits(_ json: String) async throws { try await standIn.put("limits", json) }

    /// What becomes of the next requests to services, a list of objects; the last one is for all that follow.
    ///
    /// `status` refuses, `text` is sent as it is, `truncate` says after how many bytes the answer ends, `hang` has it say
    /// nothing, `slow` is the seconds that it waits before, `headers` are added, `limit` bounds a page, `vanish` deletes what the
    /// page was to begin behind; `{}` is an answer without a fault.
    package func script(_ json: String) async throws { try await standIn.put("script", json) }

    /// The same for requests for a token; `life` is how many seconds it is good for.
    package func scriptTokens(_ json: String) async throws { try await standIn.put("tokens", json) }

    /// Paths of services that the catalogue names otherwise: `{"image": "/image/v2"}`; `null` takes a service out.
    package func setCatalogue(_ json: String) async throws { try await standIn.put("catalogue", json) }

    /// The collections that the user's roles do not allow to read.
    package func setRefused(_ collections: [String]) async throws {
        try await standIn.put("refused", "[\(collections.map { "\"\($0)\"" }.joined(separator: ","))]")
    }

    /// Has the services take none of the tokens that there are.
    package func revokeAll() async throws { try await standIn.put("revoke", "true") }

    /// The methods and paths of all requests so far, as `GET /compute/v2.1/servers/1`.
    package func requests() async throws -> [String] { try await standIn.get("seen").elements.compactMap(\.string) }
}
