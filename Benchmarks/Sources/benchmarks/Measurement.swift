import Foundation
import Glibc

/// CPU time and wall time of a stretch of work, per event.
struct Measurement {
    var events: Int
    var wall: Double
    var cpu: Double

    var microsecondsOfCPU: Double { cpu / Double(events) * 1e6 }
    var rate: Double { Double(events) / wall }

    /// Runs work in this process and takes its times.
    static func of(events: Int, _ work: () async throws -> Void) async rethrows -> Measurement {
        let start = now()
        let cpu = ownCPU()
        try await work()
        return Measurement(events: events, wall: now() - start, cpu: ownCPU() - cpu)
    }

    static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    /// User and system time of this process, in seconds.
    static func ownCPU() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The printed table.
enum Report {
    static func heading(_ text: String) { write("\n\(text)") }

    /// Written at once, so that a reader follows a long run.
    private static func write(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    static func line(_ name: String, _ columns: String...) {
        write("  " + name.padding(toLength: 46, withPad: " ", startingAt: 0) + columns.joined(separator: "  "))
    }

    static func microseconds(_ value: Double) -> String { String(format: "%8.2f µs", value) }
    static func rate(_ value: Double) -> String { String(format: "%9.0f/s", value) }
    static func ratio(_ value: Double, _ of: String) -> String { String(format: "%5.2f × ", value) + of }
    static func percentile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
