package import MartletJSON

/// A virtual host of one test's own, on a node that tests share.
package struct RabbitMQVirtualHost: Sendable {
    package let server: RabbitMQServer
    package let name: String

    /// A host of this name, which exists or is to be made with ``create()``.
    package init(server: RabbitMQServer, name: String) {
        self.server = server
        self.name = name
    }

    /// `amqp://guest:guest@127.0.0.1:PORT/NAME`.
    package var url: String { url(port: server.port) }

    /// The URL through another port, a proxy's for one.
    package func url(port: Int) -> String { server.url(port: port, virtualHost: name) }

    package func create() async throws {
        try await server.management.put("/api/vhosts/\(name)")
        try await allow(user: "guest")
    }

    package func remove() async throws { try await server.management.delete("/api/vhosts/\(name)") }

    /// Makes a user, or changes the password of one.
    package func makeUser(_ user: String, password: String, tags: String = "") async throws {
        let body = #"{"password":"\#(password)","tags":"\#(tags)"}"#
        try await server.management.put("/api/users/\(RabbitMQManagement.escape(user))", body)
    }

    package func removeUser(_ user: String) async throws {
        try await server.management.delete("/api/users/\(RabbitMQManagement.escape(user))")
    }

    /// Lets a user do what these regular expressions allow, here.
    package func allow(
        user: String,
        configure: String = ".*",
        write: String = ".*",
        read: String = ".*"
    ) async throws {
        let body = #"{"configure":"\#(configure)","write":"\#(write)","read":"\#(read)"}"#
        try await server.management.put("/api/permissions/\(name)/\(RabbitMQManagement.escape(user))", body)
    }

    package func makeExchange(_ exchange: String, type: String = "topic", durable: Bool = true) async throws {
        let body = #"{"type":"\#(type)","durable":\#(durable)}"#
        try await server.management.put("/api/exchanges/\(name)/\(RabbitMQManagement.escape(exchange))", body)
    }

    package func deleteExchange(_ exchange: String) async throws {
        try await server.management.delete("/api/exchanges/\(name)/\(RabbitMQManagement.escape(exchange))")
    }

    /// - Parameter arguments: a JSON object: `{"x-max-length":10}`.
    package func makeQueue(_ queue: String, durable: Bool = true, arguments: String = "{}") async throws {
        let body = #"{"durable":\#(durable),"arguments":\#(arguments)}"#
        try await server.management.put("/api/queues/\(name)/\(RabbitMQManagement.escape(queue))", body)
    }

    package func deleteQueue(_ queue: String) async throws {
        try await server.management.delete("/api/queues/\(name)/\(RabbitMQManagement.escape(queue))")
    }

    package func bind(_ queue: String, to exchange: String, key: String = "#") async throws {
        let ends = "e/\(RabbitMQManagement.escape(exchange))/q/\(RabbitMQManagement.escape(queue))"
        let path = "/api/bindings/\(name)/\(ends)"
        _ = try await server.management.post(path, #"{"routing_key":"\#(key)","arguments":{}}"#)
    }

    /// The routing keys by which a queue is bound to exchanges, the default one left out.
    package func bindings(of queue: String) async throws -> [String] {
        let path = "/api/queues/\(name)/\(RabbitMQManagement.escape(queue))/bindings"
        return try await server.management.get(path).elements
            .filter { $0["source"]?.string != "" }
            .compactMap { $0["routing_key"]?.string }
    }

    /// - Parameter definition: a JSON object: `{"max-length-bytes":1000}`.
    package func setPolicy(_ policy: String, pattern: String, definition: String) async throws {
        let body = #"{"pattern":"\#(pattern)","definition":\#(definition),"apply-to":"all"}"#
        try await server.management.put("/api/policies/\(name)/\(policy)", body)
    }

    /// The queues as the management interface shows them; their counts trail by a second.
    package func queues() async throws -> [JSONValue] {
        Array(try await server.management.get("/api/queues/\(name)").elements)
    }

    package func queueNames() async throws -> Set<String> {
        Set(try await queues().compactMap { $0["name"]?.string })
    }

    /// What a queue holds at this moment, taken out of it: `routing_key`, `properties` and `payload` of each message, as the
    /// management interface shows it.
    package func take(_ count: Int, from queue: String) async throws -> [JSONValue] {
        try await get(count, from: queue, mode: "ack_requeue_false")
    }

    /// The same, left where it is.
    package func peek(_ count: Int = 10_000, at queue: String) async throws -> [JSONValue] {
        try await get(count, from: queue, mode: "ack_requeue_true")
    }

    private func get(_ count: Int, from queue: String, mode: String) async throws -> [JSONValue] {
        let path = "/api/queues/\(name)/\(RabbitMQManagement.escape(queue))/get"
        let body = #"{"count":\#(count),"ackmode":"\#(mode)","encoding":"auto"}"#
        return Array(try await server.management.post(path, body).elements)
    }

    /// Publishes a text; whether it was routed to a queue.
    @discardableResult package func publish(
        _ payload: String,
        to exchange: String,
        key: String,
        properties: String = "{}"
    ) async throws -> Bool {
        var writer = JSONWriter()
        writer.string(payload)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        let path = "/api/exchanges/\(name)/\(RabbitMQManagement.escape(exchange))/publish"
        let body =
            #"{"properties":\#(properties),"routing_key":"\#(key)","payload":\#(text),"payload_encoding":"string"}"#
        return try await server.management.post(path, body)["routed"]?.boolean ?? false
    }

    /// The names of the connections to this host; they trail by a second.
    package func connections() async throws -> [String] {
        try await server.management.get("/api/vhosts/\(name)/connections").elements.compactMap { $0["name"]?.string }
    }

    /// Closes each connection to this host as an operator does.
    package func closeConnections() async throws {
        for connection in try await connections() {
            try await server.management.delete("/api/connections/\(RabbitMQManagement.escape(connection))")
        }
    }
}
