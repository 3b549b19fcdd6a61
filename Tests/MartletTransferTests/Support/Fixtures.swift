import MartletTransfer

/// Runs a body with a client that is shut down afterwards.
func withTransfer<Outcome>(
    maximumConnectionsPerHost: Int = 8,
    _ body: (HTTPTransfer) async throws -> Outcome
) async throws -> Outcome {
    let transfer = try HTTPTransfer(
        maximumConnections: 64,
        maximumConnectionsPerHost: maximumConnectionsPerHost,
        userAgent: "martlet-tests/1"
    )
    do {
        let outcome = try await body(transfer)
        await transfer.shutdown()
        return outcome
    } catch {
        await transfer.shutdown()
        throw error
    }
}

extension HTTPTransfer {
    /// The code of the error that a request ends with; nil where it is answered.
    func failure(of request: HTTPRequest) async -> TransferError? {
        do throws(TransferError) {
            _ = try await perform(request)
            return nil
        } catch {
            return error
        }
    }

    /// Waits until the server has set an event.
    func waitForEvent(_ key: String, of server: TestServer) async throws -> Bool {
        let request = HTTPRequest(url: server.url("event/\(key)"), timeout: .seconds(30))
        return try await perform(request).status == 200
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
