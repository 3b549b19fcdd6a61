import Foundation
import Martlet
import MartletJSON
import MartletPipeline
import MartletStore

/// Events committed with log and index in this process, against the bare append of the same bytes with fdatasync.
enum IntakeBenchmark {
    static func run() async throws {
        Report.heading("Intake in process: committed with log and index, 100 a commit (goal 12 µs hot, 20 µs random)")
        let probe = try Probe.appendRate(size: SampleEvents.size, batch: 100, batches: 300)
        Report.line("an appended file with fdatasync, 100 at once", Report.rate(probe))
        try await measure("1,000 hot resources", resources: 1_000, events: 100_000, probe: probe)
        try await measure("100,000 random resources", resources: 100_000, events: 200_000, probe: probe)
    }

    private static func measure(_ name: String, resources: Int, events: Int, probe: Double) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try await SQLiteEventStore.open(at: directory.path, options: StoreOptions())
        let decoder = CloudStackDecoder()
        let origin = Origin(sourceName: "bench")
        var random = SystemRandomNumberGenerator()
        var batches: [IntakeBatch] = []
        for _ in 0..<events / 100 {
            let items = try (0..<100).map { _ in
                let resource = Int.random(in: 0..<resources, using: &random)
                let bytes = SampleEvents.action(resource: resource)[...]
                let message = Message(
                    bytes: bytes,
                    json: try JSONDocument(parsing: bytes).root,
                    routingKey: SampleEvents.topic(resource: resource)
                )
                let (event, facts) = try decoder.decode(message, from: origin)
                return IntakeItem.event(event, facts)
            }
            batches.append(IntakeBatch(source: "bench", items: items))
        }
        let start = SystemTime().now
        let measurement = try await Measurement.of(events: events) {
            for batch in batches {
                _ = try await store.commit(CommitGroup(batches: [batch], recordedTime: start))
            }
        }
        // Closing moves the write-ahead log into the file.
        try await store.close()
        let file = directory.appending(path: "martlet.sqlite")
        let bytes = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        Report.line(
            name,
            Report.microseconds(measurement.microsecondsOfCPU),
            Report.rate(measurement.rate),
            Report.ratio(measurement.rate / probe, "the file"),
            Report.ratio(Double(bytes) / Double(events * SampleEvents.size), "the bytes on disk")
        )
    }
}

/// The raw limit of the moment: the disk has regimes that change within minutes.
enum Probe {
    /// Events a second when they are appended to a file, synchronised after each batch.
    static func appendRate(size: Int, batch: Int, batches: Int) throws -> Double {
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-probe-\(UUID().uuidString)").path
        let descriptor = open(file, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        defer {
            close(descriptor)
            unlink(file)
        }
        let bytes = [UInt8](repeating: 0x78, count: size * batch)
        let start = Measurement.now()
        for _ in 0..<batches {
            guard write(descriptor, bytes, bytes.count) == bytes.count, fdatasync(descriptor) == 0 else {
                throw BenchmarkError("The probe could not write: \(String(cString: strerror(errno))).")
            }
        }
        return Double(batch * batches) / (Measurement.now() - start)
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
