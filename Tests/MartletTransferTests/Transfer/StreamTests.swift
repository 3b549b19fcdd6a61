import MartletTransfer
import Testing

@Suite struct StreamTests {
    let server: TestServer

    init() throws {
        server = try TestServer.plain.get()
    }

    @Test func `events are seen as they are sent, not when the answer ends`() async throws {
        try await withTransfer { (transfer) async throws in
            let stream = try await transfer.stream(HTTPRequest(url: server.url("live/events")))
            #expect(stream.status == 200)
            #expect(stream.headers["content-type"] == "text/event-stream")
            var iterator = stream.makeAsyncIterator()
            for number in 1...3 {
                _ = try await transfer.perform(HTTPRequest(url: server.url("set/events-\(number)")))
                let chunk = try #require(try await iterator.next())
                #expect(String(decoding: chunk, as: UTF8.self) == "\(number)\n\n")
            }
            #expect(try await iterator.next() == nil)
            #expect(try await iterator.next() == nil)
        }
    }

    @Test func `a slow follower stops the server, and loses nothing`() async throws {
        try await withTransfer { (transfer) async throws in
            let stream = try await transfer.stream(HTTPRequest(url: server.url("flood/slow")))
            // Answered only when the server could not send for a second, which is what is to be shown.
            let stalled = try await transfer.perform(
                HTTPRequest(url: server.url("stalled/slow"), timeout: .seconds(30))
            )
            let sent = try #require(Int(stalled.text))
            #expect(sent > 0 && sent < 32 << 20)
            var received = 0
            for try await chunk in stream { received += chunk.count }
            #expect(received == 64 << 20)
        }
    }

    @Test func `an answer that reports an error can be collected`() async throws {
        try await withTransfer { (transfer) async throws in
            let stream = try await transfer.stream(HTTPRequest(url: server.url("status/403")))
            #expect(stream.status == 403)
            #expect(try await stream.collect() == Array("told so".utf8))
            let long = try await transfer.stream(HTTPRequest(url: server.url("chunks/100")))
            let error = await #expect(throws: TransferError.self) { try await long.collect(atMost: 1000) }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test func `what arrived before the connection broke is given first`() async throws {
        try await withTransfer { (transfer) async throws in
            let stream = try await transfer.stream(HTTPRequest(url: server.url("half")))
            var received: [UInt8] = []
            let error = await #expect(throws: TransferError.self) {
                for try await chunk in stream { received += chunk }
            }
            #expect(error?.code == .receive)
            #expect(received == Array("only this".utf8))
        }
    }

    @Test func `a head that does not come runs into the time-out`() async throws {
        try await withTransfer { (transfer) async throws in
            let request = HTTPRequest(url: server.url("silent/stream"), timeout: .milliseconds(50))
            let error = await #expect(throws: TransferError.self) { try await transfer.stream(request) }
            #expect(error?.code == .timeout)
        }
    }

    @Test func `the time-out does not end a stream that has begun`() async throws {
        try await withTransfer { (transfer) async throws in
            let request = HTTPRequest(url: server.url("live/long"), timeout: .milliseconds(300))
            let stream = try await transfer.stream(request)
            // Runs into its own time-out after the stream's would have passed, and been noticed.
            let later = HTTPRequest(url: server.url("silent/long"), timeout: .milliseconds(1500))
            #expect(await transfer.failure(of: later)?.code == .timeout)
            for number in 1...3 { _ = try await transfer.perform(HTTPRequest(url: server.url("set/long-\(number)"))) }
            #expect(try await stream.collect() == Array("1\n\n2\n\n3\n\n".utf8))
        }
    }

    @Test func `cancelling the follower ends the transfer`() async throws {
        try await withTransfer { (transfer) async throws in
            let stream = try await transfer.stream(HTTPRequest(url: server.url("live/cancelled")))
            let error = await withTaskGroup(of: TransferError?.self) { group in
                group.addTask {
                    do throws(TransferError) {
                        _ = try await stream.collect()
                        return nil
                    } catch {
                        return error
                    }
                }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(error?.code == .cancelled)
        }
    }

    @Test func `letting go of a stream gives its connection back`() async throws {
        try await withTransfer(maximumConnectionsPerHost: 1) { (transfer) async throws in
            _ = try await transfer.stream(HTTPRequest(url: server.url("live/dropped"))).status
            #expect(try await transfer.perform(HTTPRequest(url: server.url("port"))).status == 200)
        }
    }

    @Test func `shutting down ends a stream`() async throws {
        let transfer = try HTTPTransfer(userAgent: "martlet-tests/1")
        let stream = try await transfer.stream(HTTPRequest(url: server.url("live/shutdown")))
        await transfer.shutdown()
        let error = await #expect(throws: TransferError.self) { try await stream.collect() }
        #expect(error?.code == .shutdown)
    }
}
