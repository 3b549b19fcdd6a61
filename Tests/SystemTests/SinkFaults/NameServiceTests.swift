import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Receivers whose names lead nowhere, or elsewhere than a moment ago, with the real binary and a name server of our own.
@Suite(.enabled(if: PrivateNameService.isPossible, "needs root, for port 53 and a resolv.conf of its own"))
struct NameServiceTests {
    private static func event(_ id: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/t","type":"t","subject":"VirtualMachine/\#(id)","data":{}}"#
    }

    private static func start(_ names: LoopbackNameServer, _ forwarders: String) async throws -> Server {
        let directory = try ScratchDirectory.make()
        return try await Server(
            in: directory,
            configuration: "forwarders:\n\(forwarders)",
            launcher: try PrivateNameService.launcher(names, in: directory)
        )
    }

    @Test func `a name server that is silent holds up nobody but those whose receivers it knows`() async throws {
        let names = try LoopbackNameServer(.silence)
        let receiver = try await Receiver()
        let settings = "timeout: 1s, connect-timeout: 1s"
        let server = try await Self.start(
            names,
            """
              alive: { webhook: { url: "\(receiver.url)" }, body: event }
              lost: { webhook: { url: "http://lost.example/", \(settings) }, body: event }
              astray: { webhook: { url: "http://astray.example/", \(settings) }, body: event }
            """
        )
        let clock = ContinuousClock()
        let end = clock.now + .seconds(6)
        var slowest = Duration.zero
        var count = 0
        while clock.now < end {
            count += 1
            let begin = clock.now
            _ = try await server.post("/v1/events", Self.event("\(count)"))
            try await eventually("the living receiver has event \(count)") { receiver.requests.count >= count }
            slowest = max(slowest, clock.now - begin)
        }
        #expect(names.questionCount > 1)
        // A look-up takes half a minute to be given up, and one that is waited for is waited for by all.
        #expect(slowest < .seconds(15), "\(count) events, the slowest took \(slowest)")
        #expect(try await server.forwarder("lost")["state"]?.string == "unavailable")
        #expect(server.stop() == 0)
    }

    @Test func `a name that leads nowhere is told as such, and found when it is there`() async throws {
        let names = try LoopbackNameServer(.noSuchName)
        let receiver = try await Receiver()
        let server = try await Self.start(
            names,
            """
              hook:
                webhook: { url: "http://hook.example:\(receiver.port)/secret-path" }
                retry: { initial-delay: 100ms, max-delay: 500ms }
            """
        )
        _ = try await server.post("/v1/events", Self.event("1"))
        // The reason is told with what has been saved, a moment after the state.
        try await eventually("the forwarder says why") {
            let status = try await server.forwarder("hook")
            return status["state"]?.string == "unavailable" && status["last_error"]?.string?.isEmpty == false
        }
        let reason = try await server.forwarder("hook")["last_error"]?.string ?? ""
        #expect(reason.contains("hook.example") && reason.contains("resolved") && reason.contains("DNS"), "\(reason)")
        #expect(!reason.contains("secret-path"))
        names.answer(.address([127, 0, 0, 1]))
        try await eventually("it is delivered") { receiver.requests.count == 1 }
    }

    @Test func `a name that leads elsewhere is followed there`() async throws {
        let names = try LoopbackNameServer(.address([127, 0, 0, 1]))
        let close = [(name: "connection", value: "close")]
        let old = try await Receiver { _, _ in Receiver.Answer(status: 200, headers: close) }
        let new = try await Receiver(host: "127.0.0.2", port: old.port)
        let server = try await Self.start(
            names,
            """
              hook:
                webhook: { url: "http://hook.example:\(old.port)" }
                retry: { initial-delay: 100ms, max-delay: 500ms }
            """
        )
        _ = try await server.post("/v1/events", Self.event("1"))
        try await eventually("the old receiver has the first") { old.requests.count == 1 }
        names.answer(.address([127, 0, 0, 2]))
        try await old.close()
        _ = try await server.post("/v1/events", Self.event("2"))
        // A name leads where it led for a quarter of a minute.
        try await eventually("the new receiver has the second", patience: .seconds(60)) { new.requests.count == 1 }
    }
}
