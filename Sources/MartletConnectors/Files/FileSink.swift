package import MartletPipeline

/// The settings of a file sink, checked.
struct FileSinkConfiguration: Sendable {
    /// When what is written is made durable.
    enum Synchronization: Sendable, Hashable {
        case eachBatch
        case interval(Duration)
        case never
    }

    var path: String
    var maximumSize: Int64
    /// A file is rotated when a new one of these begins, counted from 1970 in UTC; `nil` where time does not matter.
    var period: Duration?
    var keptFiles: Int
    var synchronization: Synchronization

    init(_ settings: ComponentSettings) throws(ComponentError) {
        guard let path = settings.string("path"), !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
            throw ComponentError(field: "path", "names no file: write it as /var/log/martlet/events.jsonl")
        }
        self.path = path
        let size = settings.integer("rotate-size") ?? 100 << 20
        guard size >= 4_096 else { throw ComponentError(field: "rotate-size", "is less than 4KiB") }
        maximumSize = Int64(size)
        period = settings.duration("rotate-every")
        if let period, period < .seconds(60) { throw ComponentError(field: "rotate-every", "is shorter than a minute") }
        keptFiles = settings.integer("keep") ?? 10
        switch settings.string("sync") {
        case "interval": synchronization = .interval(settings.duration("sync-interval") ?? .seconds(1))
        case "never": synchronization = .never
        default: synchronization = .eachBatch
        }
    }
}

/// Appends events to a file of JSON lines, one event a line, and rotates it.
///
/// All or nothing of a batch is appended: a part that a full disk lets through is cut off again. One sink writes a
/// file, which a lock sees to.
package struct FileSink: SinkType, ExclusiveSink {
    package static let description = ComponentDescription(
        kind: .sink,
        name: "file",
        summary: "Appends events to a file of JSON lines, one event a line, and rotates it.",
        fields: [
            FieldDescription(
                "path",
                .path,
                isRequired: true,
                "The file. It is made where it is missing, its folder is not."
            ),
            FieldDescription(
                "rotate-size",
                .bytes,
                default: "100MiB",
                "A file that would grow beyond this is put aside before."
            ),
            FieldDescription(
                "rotate-every",
                .duration,
                """
                A file is put aside when a new period of this length begins, in UTC: `1d` at midnight, `1h` on the \
                hour.
                """
            ),
            FieldDescription(
                "keep",
                .integer(0...100_000),
                default: "10",
                "Files put aside that are kept; older ones are removed."
            ),
            FieldDescription(
                "sync",
                .choice(["each-batch", "interval", "never"]),
                default: "each-batch",
                """
                When what is written is made durable, and so what a power cut may take: nothing, the last moments, or \
                whatever the system had not written yet.
                """
            ),
            FieldDescription(
                "sync-interval",
                .duration,
                default: "1s",
                "With `sync: interval`: a batch that comes this long after the last synchronization synchronizes again."
            ),
        ],
        example: """
            forwarders:
              archive:
                file: { path: /var/log/martlet/events.jsonl, rotate-every: 1d, keep: 30 }
            """
    )

    package let delivery = SinkDelivery(mode: .atomic, maximumEvents: 1_000)
    private let writer: FileWriter

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        writer = FileWriter(try FileSinkConfiguration(settings), time: context.time, logger: context.logger)
    }

    package func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        var lines: [UInt8] = []
        lines.reserveCapacity(batch.events.reduce(0) { $0 + $1.body.count + 1 })
        for event in batch.events {
            event.appendJSONValue(to: &lines)
            lines.append(0x0A)
        }
        return .whole(await writer.write(lines))
    }

    package func close() async { await writer.close() }
}
