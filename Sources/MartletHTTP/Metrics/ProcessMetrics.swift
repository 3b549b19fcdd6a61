import Martlet

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the system says of this process.
enum ProcessMetrics {
    static func write(started: Timestamp, into text: inout PrometheusText) {
        if let bytes = residentBytes {
            text.metric("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", bytes)
        }
        text.metric(
            "process_cpu_seconds_total",
            .counter,
            "Total user and system CPU time spent in seconds.",
            processorSeconds
        )
        text.metric(
            "process_start_time_seconds",
            .gauge,
            "Start time of the process since the Unix epoch in seconds.",
            Double(started.nanoseconds) / 1e9
        )
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The second number of `/proc/self/statm`, in pages; `nil` where there is none.
    private static var residentBytes: Int? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 256)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words = text.split(separator: " ")
        return words.count > 1 ? Int(words[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
    }
}
