import MartletTransfer
import Testing

@Suite struct FailureTests {
    let server: TestServer

    init() throws {
        server = try TestServer.plain.get()
    }

    @Test(arguments: ["half", "hangup", "garbage"])
    func `a connection that breaks before the end of the answer is a failure to receive`(path: String) async throws {
        try await withTransfer { (transfer) async throws in
            let error = try #require(await transfer.failure(of: HTTPRequest(url: server.url(path))))
            #expect(error.code == .receive)
            #expect(error.message.contains("127.0.0.1:\(server.port)"))
        }
    }

    @Test func `a server that never answers runs into the time-out`() async throws {
        try await withTransfer { (transfer) async throws in
            let request = HTTPRequest(url: server.url("silent/time-out"), timeout: .milliseconds(100))
            #expect(await transfer.failure(of: request)?.code == .timeout)
            #expect(try await transfer.waitForEvent("time-out-closed", of: server))
        }
    }

    @Test func `waiting for a free connection counts towards the time-out`() async throws {
        try await withTransfer(maximumConnectionsPerHost: 1) { (transfer) async throws in
            try await withThrowingTaskGroup(of: TransferError?.self) { group in
                group.addTask {
                    await transfer.failure(of: HTTPRequest(url: server.url("silent/queue"), timeout: .seconds(60)))
                }
                #expect(try await withTransfer { try await $0.waitForEvent("queue", of: server) })
                let late = HTTPRequest(url: server.url("echo"), timeout: .milliseconds(50))
                #expect(await transfer.failure(of: late)?.code == .timeout)
                group.cancelAll()
                let error = try await group.next() ?? nil
                #expect(error?.code == .cancelled)
            }
        }
    }

    @Test func `a port that nobody listens on refuses the connection`() async throws {
        try await withTransfer { (transfer) async throws in
            let error = try #require(await transfer.failure(of: HTTPRequest(url: "http://127.0.0.1:1/hidden")))
            #expect(error.code == .connect)
            #expect(error.message.contains("127.0.0.1:1"))
            #expect(!error.message.contains("hidden"))
        }
    }

    @Test func `a name without an address cannot be resolved`() async throws {
        try await withTransfer { (transfer) async throws in
            let error = try #require(await transfer.failure(of: HTTPRequest(url: "http://nothing.invalid/")))
            #expect(error.code == .resolve)
            #expect(error.message.contains("nothing.invalid"))
        }
    }

    @Test func `cancelling the task closes the connection`() async throws {
        try await withTransfer { (transfer) async throws in
            try await withThrowingTaskGroup(of: TransferError?.self) { group in
                group.addTask { await transfer.failure(of: HTTPRequest(url: server.url("silent/cancel"))) }
                #expect(try await transfer.waitForEvent("cancel", of: server))
                group.cancelAll()
                let error = try await group.next() ?? nil
                #expect(error?.code == .cancelled)
            }
            #expect(try await transfer.waitForEvent("cancel-closed", of: server))
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        try await withTransfer { (transfer) async throws in
            await withTaskGroup(of: TransferError?.self) { group in
                group.cancelAll()
                group.addTask { await transfer.failure(of: HTTPRequest(url: server.url("echo"))) }
                let error = await group.next() ?? nil
                #expect(error?.code == .cancelled)
            }
        }
    }

    @Test func `shutting down answers what is in flight and refuses what comes later`() async throws {
        let transfer = try HTTPTransfer(userAgent: "martlet-tests/1")
        try await withThrowingTaskGroup(of: TransferError?.self) { group in
            for _ in 0..<20 {
                group.addTask { await transfer.failure(of: HTTPRequest(url: server.url("silent/shutdown"))) }
            }
            #expect(try await withTransfer { try await $0.waitForEvent("shutdown", of: server) })
            await transfer.shutdown()
            for try await error in group { #expect(error?.code == .shutdown) }
        }
        #expect(await transfer.failure(of: HTTPRequest(url: server.url("echo")))?.code == .shutdown)
        await transfer.shutdown()
    }

    @Test func `requests, cancellations and a shutdown at once leave nobody waiting`() async throws {
        for _ in 0..<20 {
            let transfer = try HTTPTransfer(userAgent: "martlet-tests/1")
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        await withTaskGroup(of: Void.self) { inner in
                            inner.addTask { _ = await transfer.failure(of: HTTPRequest(url: server.url("echo"))) }
                            if number.isMultiple(of: 3) { inner.cancelAll() }
                        }
                    }
                }
                group.addTask { await transfer.shutdown() }
            }
            #expect(await transfer.failure(of: HTTPRequest(url: server.url("echo")))?.code == .shutdown)
        }
    }
}
