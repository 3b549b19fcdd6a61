import ArgumentParser
import Martlet
import MartletJSON
import Testing

@testable import MartletCommands

@Suite struct DemoCommandTests {
    private static let start = Timestamp("2026-01-30T00:00:00+05:30")!

    @Test func `events are spread evenly`() {
        var pace = DemoPace(rate: 20)
        let now = Timestamp(seconds: 100)
        #expect(pace.wait(before: 1, at: now) == .zero)
        #expect(pace.wait(before: 3, at: now) == .milliseconds(50))
        #expect(pace.wait(before: 1, at: now) == .milliseconds(200))
    }

    @Test func `lost time is not made up for`() {
        var pace = DemoPace(rate: 10)
        #expect(pace.wait(before: 1, at: Timestamp(seconds: 100)) == .zero)
        #expect(pace.wait(before: 1, at: Timestamp(seconds: 160)) == .zero)
        #expect(pace.wait(before: 1, at: Timestamp(seconds: 160)) == .milliseconds(100))
    }

    @Test func `messages without a key go together, all others by themselves`() {
        let day = DemoDay(seed: 7, start: Self.start)
        let requests = DemoRequest.requests(of: day)
        #expect(requests.map(\.count).reduce(0, +) == day.messages.count)
        #expect(requests.filter { $0.topic == nil }.map(\.count) == [3, 2])
        #expect(
            requests.filter { $0.topic != nil }.allSatisfy { $0.count == 1 && $0.contentType == "application/json" }
        )
        let cut = requests.last { $0.topic == nil }
        #expect(cut?.contentType == "application/x-ndjson")
        #expect(cut?.body.count { $0 == UInt8(ascii: "\n") } == 1)
    }

    @Test func `a printed day is the day of its seed, a body on each line`() async throws {
        let printed = try await run("demo", "--print", "--seed", "7")
        let start = DayClock.midnight(before: testTime + .seconds(-86_400), minutesEastOfUTC: 330)
        #expect(printed.lines == DemoDay(seed: 7, start: start).map { String(decoding: $0.body, as: UTF8.self) })
        let again = try await run("demo", "--print", "--seed", "7")
        #expect(printed.output == again.output)
    }

    @Test func `a day goes to the server with its routing keys, and what is committed is shown`() async throws {
        let server = try LoopbackServer { request, count in
            if request.path.hasPrefix("/v1/status") {
                return .json(
                    #"{"version":"1","store":{"bytes":0,"head":"0"},"sources":[],"forwarders":[],"quarantined":0,"deadletters":0}"#
                )
            }
            if request.method == "GET" {
                let after = request.query("after").first.flatMap { Int($0) } ?? 0
                return .json(pageText([eventText(after + 1)], scanned: after + 1))
            }
            return .json(
                #"{"accepted":1,"duplicates":0,"quarantined":0,"ignored":0,"position":"\#(count / 2 + 1)","problems":[]}"#,
                status: 202
            )
        }
        let run = try await run("demo", "--once", "--seed", "7", server: server)
        let start = DayClock.midnight(before: testTime + .seconds(-86_400), minutesEastOfUTC: 330)
        let requests = DemoRequest.requests(of: DemoDay(seed: 7, start: start))
        let sent = server.requests.filter { $0.method == "POST" }
        #expect(sent.map { $0.headers["x-martlet-topic"] } == requests.map(\.topic))
        #expect(sent.map(\.body) == requests.map { String(decoding: $0.body, as: UTF8.self) })
        #expect(sent.allSatisfy { $0.path == "/v1/sources/cloudstack" })
        #expect(run.failure == nil)
        #expect(run.lines.count { $0.contains("VM.START") } == requests.count)
        #expect(run.errors.contains("The day is over: accepted \(requests.count), duplicates 0, quarantined 0."))
    }

    @Test func `a busy server is waited for`() async throws {
        let server = try LoopbackServer { _, count in
            switch count {
            case 0:
                .json(
                    #"{"version":"1","store":{"bytes":0,"head":"0"},"sources":[],"forwarders":[],"quarantined":0,"deadletters":0}"#
                )
            case 1: .problem("overloaded", "Too much at once.", status: 503, headers: ["Retry-After": "2"])
            default: .problem("unauthorized", "No.", status: 401)
            }
        }
        let run = try await run("demo", "--once", server: server)
        #expect(run.waits.contains(.seconds(2)))
        #expect(run.errors.contains("Trying again"))
        #expect(run.status == .unauthorized)
    }

    @Test(arguments: [
        ["--rate", "0"], ["--rate", "-1"], ["--rate", "nan"], ["--serve", "--print"], ["--serve", "--url", "http://h"],
        ["--seed", "-1"],
    ])
    func `options that make no sense are refused`(options: [String]) {
        #expect(throws: (any Error).self) { try DemoCommand.parse(options) }
    }
}
