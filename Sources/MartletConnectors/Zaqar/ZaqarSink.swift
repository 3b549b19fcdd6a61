import Martlet
import MartletKeystone
package import MartletPipeline
import Synchronization

/// Posts events to queues of OpenStack's Zaqar, in requests as large as it takes.
///
/// How a batch goes into queues is a value of its own, ``ZaqarDelivery``; requests and the meaning of answers are
/// ``ZaqarRequest`` and ``ZaqarResponse``.
package final class ZaqarSink: SinkType {
    package let delivery: SinkDelivery
    private let configuration: ZaqarConfiguration
    private let request: ZaqarRequest
    private let access: ZaqarAccess
    /// The queues that have been made with the metadata.
    private let prepared = Mutex<Set<String>>([])
    private let isClosed = Atomic(false)

    /// Events in a batch, at the most.
    private static let maximumEvents = 500
    /// Names of queues that are remembered: a template may make any number of them.
    private static let maximumPrepared = 10_000

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try ZaqarConfiguration(settings, forwarder: context.name)
        self.configuration = configuration
        request = ZaqarRequest(configuration: configuration)
        access = ZaqarAccess(configuration, time: context.time, logger: context.logger)
        delivery = SinkDelivery(
            mode: .prefix,
            maximumEvents: Self.maximumEvents,
            maximumBytes: configuration.maximumRequestBytes,
            concurrency: configuration.concurrency
        )
    }

    package static func check(_ settings: ComponentSettings, context: ComponentContext) throws -> [ComponentWarning] {
        let configuration = try ZaqarConfiguration(settings, forwarder: context.name)
        var warnings: [ComponentWarning] = []
        for name in configuration.queue.attributes where AttributeName(rawValue: name) == nil {
            let nearest = Spelling.nearest(to: name, in: AttributeName.allCases.map(\.rawValue))
            guard let nearest else { continue }
            warnings.append(
                ComponentWarning(
                    field: "queue",
                    "“\(name)” is none of Martlet's attributes; if it is no extension of your own, did you mean “\(nearest)”?"
                )
            )
        }
        switch configuration.authentication {
        case .keystone(let keystone) where keystone.isPlain:
            warnings.append(
                ComponentWarning(field: "keystone.auth-url", "sends the credential unencrypted: use https")
            )
        case .signed(let signed) where signed.expiry <= context.time.now:
            warnings.append(ComponentWarning(field: "signed-url.expires", "is past: ask for another signed URL"))
        case .none, .keystone, .signed: break
        }
        return warnings
    }

    package func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        guard !isClosed.load(ordering: .acquiring) else { return .whole(.unavailable("The sink is closed.")) }
        var delivery = ZaqarDelivery(
            batch,
            queue: configuration.queue,
            timeToLive: configuration.timeToLive,
            maximumBytes: configuration.maximumRequestBytes
        )
        while let chunk = delivery.next() {
            guard !Task.isCancelled else {
                delivery.complete(chunk, .unavailable("The forwarder stops.", isAnswered: false))
                break
            }
            var verdict = await prepare(chunk.queue)
            if verdict == .delivered {
                let body = delivery.body(of: chunk)
                verdict = await access.send(accepting: [201]) { [request] in request.post(body, to: chunk.queue, $0) }
            }
            delivery.complete(chunk, verdict)
        }
        return .each(delivery.outcomes)
    }

    /// Makes a queue with the metadata, once; without metadata Zaqar makes it with the first message.
    private func prepare(_ queue: String) async -> ZaqarVerdict {
        guard let metadata = configuration.metadata, !prepared.withLock({ $0.contains(queue) }) else {
            return .delivered
        }
        // 204 where the queue was there.
        let verdict = await access.send(accepting: [201, 204]) { [request] in request.put(metadata, of: queue, $0) }
        switch verdict {
        case .delivered:
            prepared.withLock { prepared in
                if prepared.count >= Self.maximumPrepared { prepared.removeAll() }
                prepared.insert(queue)
            }
            return .delivered
        // The settings are to blame, and no event: they wait until somebody mends them.
        case .refused(let reason), .rejected(let reason), .retry(let reason):
            return .unavailable("The queue cannot be made: \(reason) Check metadata.", isAnswered: true)
        case .unavailable, .gone:
            return verdict
        }
    }

    /// Sends nothing more; the connections belong to the client, which closes idle ones.
    package func close() async { isClosed.store(true, ordering: .releasing) }
}
