import MartletJSON
import MartletTesting
import Testing

/// A user of Martlet's own at Keystone, who may read everything.
struct CloudReader: Sendable {
    /// How Martlet logs in.
    enum Credential: String, CaseIterable, Sendable {
        case password, application
    }

    let user: String
    let password: String
    let project: String
    let application: KeystoneServer.ApplicationCredential

    init(_ name: String, in cloud: OpenStackCloud) async throws {
        let (keystone, administrator) = (cloud.keystone, cloud.administrator)
        (user, password, project) = ("martlet-\(name)", "s33ded \(name)", "admin")
        let id = try await keystone.makeUser(
            user,
            password: password,
            project: administrator.projectID,
            as: administrator
        )
        let roles = try await keystone.request("GET", "roles?name=admin", as: administrator)
        let role = try #require(roles["roles"]?[0]?["id"]?.string)
        try await keystone.request(
            "PUT",
            "projects/\(administrator.projectID)/users/\(id)/roles/\(role)",
            as: administrator
        )
        let login = try await keystone.logIn(user: user, password: password, project: project)
        application = try await keystone.makeApplicationCredential("martlet", as: login)
    }

    /// The section `keystone` of Martlet's configuration.
    func section(_ credential: Credential, _ cloud: OpenStackCloud) -> String {
        let place = "auth-url: \(cloud.keystone.url), region: \(KeystoneServer.region)"
        return switch credential {
        case .password: "{ \(place), username: \(user), password: \"\(password)\", project: \(project) }"
        case .application:
            "{ \(place), application-credential-id: \(application.id), "
                + "application-credential-secret: \"\(application.secret)\" }"
        }
    }

    func logIn(by credential: Credential, at cloud: OpenStackCloud) async throws -> KeystoneLogin {
        switch credential {
        case .password: try await cloud.keystone.logIn(user: user, password: password, project: project)
        case .application: try await cloud.keystone.logIn(application: application)
        }
    }
}
