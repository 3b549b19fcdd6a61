import Foundation
import MartletTesting
import Testing

@Suite struct GuideExampleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func `the guide shows the example that is compiled here`() throws {
        let example = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "GuideExample.swift"),
            encoding: .utf8
        )
        let guide = try String(contentsOf: Self.root.appending(path: "docs/guide/event-bus.md"), encoding: .utf8)
        let code = example.split(separator: "\n", maxSplits: 1)[1]
        #expect(guide.contains("```swift\n\(code)```"))
    }

    @Test(.enabled(if: RabbitMQServer.isInstalled, Comment(rawValue: RabbitMQServer.absenceReason)))
    func `it does what the guide says`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { (host) async throws in
            let machines = try await reportStartedMachines(at: host.url)
            #expect(machines == ["9c3d1e42"])
            let queues = try await host.queueNames()
            #expect(queues.isEmpty)
        }
    }
}
