package import MartletJSON

/// Somebody who has logged in at Keystone, for one project.
package struct KeystoneLogin: Sendable {
    package var token: String
    package var userID: String
    package var projectID: String
}

// MARK: - Its own API

extension KeystoneServer {
    package func logIn(
        user: String = "admin",
        password: String = KeystoneServer.password,
        project: String = "admin"
    ) async throws -> KeystoneLogin {
        let domain = #"{"id":"default"}"#
        let identity =
            #"{"methods":["password"],"password":{"user":{"name":"\#(user)","domain":\#(domain),"#
            + #""password":"\#(password)"}}}"#
        return try await logIn(
            #"{"auth":{"identity":\#(identity),"scope":{"project":{"name":"\#(project)","domain":\#(domain)}}}}"#
        )
    }

    /// Logs in by an application credential, which has its project.
    package func logIn(application: ApplicationCredential) async throws -> KeystoneLogin {
        try await logIn(
            #"{"auth":{"identity":{"methods":["application_credential"],"application_credential":"#
                + #"{"id":"\#(application.id)","secret":"\#(application.secret)"}}}}"#
        )
    }

    private func logIn(_ body: String) async throws -> KeystoneLogin {
        let port = port
        let answer = try await BlockingCall.run {
            try LoopbackHTTP.request("POST", "/v3/auth/tokens", body: body, headers: ["Accept: */*"], port: port)
        }
        let token = answer.status == 201 ? try JSONDocument(parsing: answer.body).root["token"] : nil
        guard let text = answer.header("x-subject-token"), let user = token?["user"]?["id"]?.string,
            let project = token?["project"]?["id"]?.string
        else { throw answer.failure("POST /v3/auth/tokens") }
        return KeystoneLogin(token: text, userID: user, projectID: project)
    }

    /// - Parameter path: below `/v3/`.
    @discardableResult package func request(
        _ method: String,
        _ path: String,
        _ body: String = "",
        as login: KeystoneLogin
    ) async throws -> JSONValue {
        let port = port
        let answer = try await BlockingCall.run {
            let headers = ["X-Auth-Token: \(login.token)"]
            return try LoopbackHTTP.request(method, "/v3/\(path)", body: body, headers: headers, port: port)
        }
        guard (200..<300).contains(answer.status) else { throw answer.failure("\(method) /v3/\(path)") }
        return try JSONDocument(parsing: answer.body.isEmpty ? Array("null".utf8) : answer.body).root
    }

    /// - Returns: its id.
    package func makeProject(_ name: String, as login: KeystoneLogin) async throws -> String {
        try await make("projects", "project", #"{"name":"\#(name)","domain_id":"default"}"#, as: login)
    }

    /// Makes a user who is a member of a project.
    ///
    /// - Returns: the user's id.
    package func makeUser(
        _ name: String,
        password: String,
        project: String,
        as login: KeystoneLogin
    ) async throws -> String {
        let user = try await make(
            "users",
            "user",
            #"{"name":"\#(name)","password":"\#(password)","domain_id":"default"}"#,
            as: login
        )
        let roles = try await request("GET", "roles?name=member", as: login)
        guard let role = roles["roles"]?[0]?["id"]?.string else { throw ServerProcess.Failure("no role member") }
        try await request("PUT", "projects/\(project)/users/\(user)/roles/\(role)", as: login)
        return user
    }

    /// Puts a service with its public endpoint into the catalogue.
    package func makeService(_ type: String, url: String, as login: KeystoneLogin) async throws {
        let service = try await make("services", "service", #"{"type":"\#(type)","name":"\#(type)"}"#, as: login)
        let endpoint =
            #"{"service_id":"\#(service)","interface":"public","region_id":"\#(Self.region)","url":"\#(url)"}"#
        _ = try await make("endpoints", "endpoint", endpoint, as: login)
    }

    package struct ApplicationCredential: Sendable {
        package var id: String
        package var secret: String
    }

    /// Makes an application credential with all the roles that its maker has in the project.
    package func makeApplicationCredential(
        _ name: String,
        as login: KeystoneLogin
    ) async throws -> ApplicationCredential {
        let answer = try await request(
            "POST",
            "users/\(login.userID)/application_credentials",
            #"{"application_credential":{"name":"\#(name)"}}"#,
            as: login
        )["application_credential"]
        guard let id = answer?["id"]?.string, let secret = answer?["secret"]?.string else {
            throw ServerProcess.Failure("Keystone's answer has no application credential")
        }
        return ApplicationCredential(id: id, secret: secret)
    }

    private func make(
        _ collection: String,
        _ member: String,
        _ resource: String,
        as login: KeystoneLogin
    ) async throws -> String {
        let answer = try await request("POST", collection, #"{"\#(member)":\#(resource)}"#, as: login)
        guard let id = answer[member]?["id"]?.string else {
            throw ServerProcess.Failure("Keystone's answer has no \(member)")
        }
        return id
    }
}
