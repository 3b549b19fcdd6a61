import Logging
package import MartletPipeline

/// Reads events from a file of JSON lines, and follows it as it grows.
///
/// How far it has been read is part of each commit, so that a restart goes on exactly there.
package final class FileSource: SourceType {
    package static let description = ComponentDescription(
        kind: .source,
        name: "file",
        summary: "Reads events from a file of JSON lines, and follows it as it grows.",
        fields: [
            FieldDescription("path", .path, isRequired: true, "The file: one event a line."),
            FieldDescription(
                "follow",
                .boolean,
                default: "true",
                "Whether to wait for more at the end, across rotation and truncation. Otherwise the source ends there."
            ),
            FieldDescription(
                "poll-interval",
                .duration,
                default: "500ms",
                "How often a file that is read to its end is looked at."
            ),
        ],
        example: """
            sources:
              replayed:
                cloud: prod
                file: { path: /var/lib/martlet/import/events.jsonl, follow: false }
                format: cloudevents
            """
    )

    private let path: String
    private let isFollowing: Bool
    private let pollInterval: Duration
    private let store: any EventStore
    private let intake: LineIntake

    package init(
        settings: ComponentSettings,
        port: SourcePort,
        store: any EventStore,
        context: ComponentContext
    ) throws {
        guard let path = settings.string("path"), !path.isEmpty, !path.utf8.contains(0) else {
            throw ComponentError(field: "path", "names no file: write it as /var/log/events.jsonl")
        }
        self.path = path
        isFollowing = settings.boolean("follow") ?? true
        pollInterval = settings.duration("poll-interval") ?? .milliseconds(500)
        guard pollInterval >= .milliseconds(10) else {
            throw ComponentError(field: "poll-interval", "is shorter than 10ms")
        }
        self.store = store
        intake = LineIntake(port: port, time: context.time, logger: context.logger)
    }

    /// Reads until the end or, following, until the task is cancelled.
    ///
    /// - Throws: ``SystemCallError`` where the file cannot be read and is not followed.
    package func run() async throws {
        intake.port.monitor.isRunning(at: path)
        do {
            try await follow(FileTail(path: path, isFollowing: isFollowing, logger: intake.logger))
        } catch is CancellationError {
            return
        }
    }

    private func follow(_ tail: FileTail) async throws {
        let checkpoint = try await intake.persist("find the place to read on from") {
            try await store.checkpoint(source: intake.port.name, key: path)
        }
        if let place = checkpoint.flatMap({ FilePlace($0) }) {
            try await patiently { () async throws(SystemCallError) in try await tail.resume(at: place) }
        }
        while !Task.isCancelled {
            let portion = try await patiently { () async throws(SystemCallError) in try await tail.next() }
            if let portion {
                let checkpoint = Checkpoint(key: path, value: portion.place.description)
                try await intake.commit(portion.lines, checkpoint: checkpoint)
            } else if isFollowing {
                try await intake.time.sleep(for: pollInterval)
            } else {
                return
            }
        }
    }

    /// Tries again for as long as a file that is followed cannot be read, and says so once.
    private func patiently<Value: Sendable>(
        _ work: () async throws(SystemCallError) -> Value
    ) async throws -> Value {
        var reported: SystemCallError?
        while true {
            do throws(SystemCallError) {
                let value = try await work()
                if reported != nil { intake.port.monitor.isRunning(at: path) }
                return value
            } catch {
                guard isFollowing else { throw error }
                if error != reported {
                    intake.port.monitor.isFailing(
                        SourceMonitor.Problem(
                            "\(error)",
                            at: path,
                            remedy: "make the file readable; it is looked for again"
                        )
                    )
                    intake.logger.warning("A file cannot be followed.", metadata: ["error": "\(error)"])
                }
                reported = error
            }
            try await intake.time.sleep(for: pollInterval)
        }
    }
}
