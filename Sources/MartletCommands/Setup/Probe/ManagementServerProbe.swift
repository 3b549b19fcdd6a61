import Foundation
import Martlet
import MartletTransfer

/// Makes one harmless call on each management server and waits for its event at the broker.
struct ManagementServerProbe: Sendable {
    let keys: CloudStackKeys
    let certificateAuthority: String?
    let transfer: HTTPTransfer
    let clock: WallClock
    let sleep: @Sendable (Duration) async throws -> Void

    /// Longer than Kafka's producer and RabbitMQ's reconnection take where all is well.
    static let patience = Duration.seconds(30)

    /// One server after the other: an event does not say which one it is from.
    func findings(_ servers: [ManagementServer], at broker: any Broker) async throws -> [Finding] {
        var findings: [Finding] = []
        for server in servers { findings.append(try await finding(server, broker)) }
        return findings
    }

    private func finding(_ server: ManagementServer, _ broker: any Broker) async throws -> Finding {
        do {
            // Published to nobody, a first event only makes the exchange; the next one can be read.
            if try await !broker.isReadable() {
                if let refusal = try await call(server) { return refusal }
                guard try await becomesReadable(broker) else { return silent(server, broker) }
            }
            return try await broker.withBodies { bodies in
                let start = clock.now()
                if let refusal = try await call(server) { return refusal }
                guard try await sees(bodies) else { return silent(server, broker) }
                let time = Measures.milliseconds(clock.now() - start)
                return .ok(server.name, "Its event reached \(broker.place) \(time) after the call.")
            }
        } catch let failure as BrokerFailure {
            return failure.finding(server.name)
        } catch let error as TransferError {
            return .problem(
                server.name,
                "The management server cannot be called. \(error.message)",
                remedy:
                    "Name the server itself, not a balancer, with the port of its API: http://\(server.name.hostOnly):8080"
            )
        }
    }

    /// nil where the call came to what makes the event.
    private func call(_ server: ManagementServer) async throws -> Finding? {
        let request = ProbeEvent.request(name: "martlet-probe-\(UUID().uuidString.lowercased())")
        let answer = try await server.call(
            request,
            keys: keys,
            certificateAuthority: certificateAuthority,
            over: transfer
        )
        switch answer {
        case .refused(401, let text):
            return .problem(
                server.name,
                "CloudStack does not accept the keys: \(text)",
                remedy: "Make sure that both files are of the same user, and that its keys were not made anew."
            )
        case .refused(429, let text), .refused(432, let text):
            return .problem(
                server.name,
                "CloudStack does not allow the call: \(text)",
                remedy: "Use keys of a user whose role may call registerSSHKeyPair, or wait where calls are throttled."
            )
        case .refused: return nil
        case .done:
            return .problem(
                server.name,
                "CloudStack took a text for an SSH key that is none.",
                remedy: "Delete the key pair \(request.parameters["name"] ?? "") of the keys' user."
            )
        case .foreign(let status):
            return .problem(
                server.name,
                "Something else than CloudStack's API answers, with the status \(status).",
                remedy: "The path of the API is usually /client/api: \(server.url)"
            )
        }
    }

    private func becomesReadable(_ broker: any Broker) async throws -> Bool {
        let end = clock.now() + Self.patience
        while clock.now() < end {
            if try await broker.isReadable() { return true }
            try await sleep(.seconds(1))
        }
        return false
    }

    private func sees(_ bodies: AsyncStream<[UInt8]>) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await body in bodies where ProbeEvent.matches(body) { return true }
                return false
            }
            group.addTask {
                try await sleep(Self.patience)
                return false
            }
            let isSeen = try await group.next() ?? false
            group.cancelAll()
            return isSeen
        }
    }

    private func silent(_ server: ManagementServer, _ broker: any Broker) -> Finding {
        .problem(
            server.name,
            "It answered, and no event of it came to \(broker.place) within \(Measures.duration(Self.patience)).",
            remedy:
                "Are the files there, and was it restarted since? Is publish.action.events true? Look for EventBus in "
                + "/var/log/cloudstack/management/management-server.log."
        )
    }
}

extension String {
    fileprivate var hostOnly: String {
        guard let colon = lastIndex(of: ":"), !hasSuffix("]") else { return self }
        return String(self[..<colon])
    }
}

extension Measures {
    /// `340 ms`, `2.1 s`.
    static func milliseconds(_ duration: Duration) -> String {
        let milliseconds = Int((duration / .milliseconds(1)).rounded())
        return milliseconds < 1_000 ? "\(milliseconds) ms" : "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }
}
