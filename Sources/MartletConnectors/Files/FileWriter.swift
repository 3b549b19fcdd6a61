#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Logging
import Martlet
import MartletPipeline

/// Writes lines to a file that is rotated, on a queue of its own.
actor FileWriter {
    private let configuration: FileSinkConfiguration
    private let path: FilePath
    private let time: any TimeSource
    private let logger: Logger
    private let executor: BlockingExecutor
    private var file: AppendedFile?
    private var isClosed = false
    private var isSynchronized = true
    private var lastSynchronization: Timestamp

    init(_ configuration: FileSinkConfiguration, time: any TimeSource, logger: Logger) {
        self.configuration = configuration
        path = FilePath(configuration.path)
        self.time = time
        self.logger = logger
        executor = BlockingExecutor(label: "martlet.file-sink")
        lastSynchronization = time.now
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Appends the lines, rotating before where it is time, and synchronizes as configured.
    func write(_ lines: [UInt8]) -> DeliveryOutcome {
        if Task.isCancelled { return .unavailable("Stopped before the file \(configuration.path) was written to.") }
        guard !isClosed else { return .unavailable("The file \(configuration.path) has been closed.") }
        do {
            try append(lines)
            return .delivered
        } catch {
            // Opening anew repairs whatever state the failure left.
            file = nil
            return .unavailable(error.description)
        }
    }

    /// Synchronizes and closes.
    func close() {
        isClosed = true
        do {
            try synchronize()
        } catch {
            // The batches were answered when they were written, which is what this setting of `sync` promises.
            logger.warning("A file could not be synchronized at the end.", metadata: ["error": "\(error)"])
        }
        file = nil
    }

    private func append(_ lines: [UInt8]) throws(SystemCallError) {
        let now = time.now
        try openIfNeeded()
        if isFull(adding: lines.count, at: now) {
            try rotate(at: now)
            try openIfNeeded()
        }
        try file?.append(lines, at: now)
        isSynchronized = false
        switch configuration.synchronization {
        case .eachBatch: try synchronize()
        case .interval(let interval):
            if now - lastSynchronization >= interval {
                try synchronize()
                lastSynchronization = now
            }
        case .never: break
        }
    }

    private func isFull(adding count: Int, at now: Timestamp) -> Bool {
        guard let size = file?.size, let modified = file?.modified, size > 0 else { return false }
        if size + Int64(count) > configuration.maximumSize { return true }
        guard let period = configuration.period else { return false }
        return now.nanoseconds / period.nanoseconds > modified.nanoseconds / period.nanoseconds
    }

    /// Opens the file where it is not open, or where another program has moved it away.
    private func openIfNeeded() throws(SystemCallError) {
        if let identity = file?.identity {
            if try FileStatus(path: configuration.path)?.identity == identity { return }
            try synchronize()
            file = nil
        }
        file = try AppendedFile(path: configuration.path)
        // The file's name has to survive a power cut as its lines do.
        if case .eachBatch = configuration.synchronization { try path.synchronizeFolder() }
    }

    private func synchronize() throws(SystemCallError) {
        guard !isSynchronized else { return }
        try file?.synchronize()
        isSynchronized = true
    }

    private func rotate(at now: Timestamp) throws(SystemCallError) {
        try synchronize()
        // After all others, even if the clock went back: names tell which files are the oldest.
        var target = RotatedName(now)
        if let last = try rotatedNames().max(), last >= target { target = last.next }
        guard rename(configuration.path, rotatedPath(target)) == 0 else {
            throw SystemCallError("renamed", configuration.path)
        }
        file = nil
        removeOldest()
    }

    private func rotatedNames() throws(SystemCallError) -> [RotatedName] {
        try path.relatedNames().compactMap { RotatedName(suffix: $0.dropFirst(path.name.count + 1)) }
    }

    private func rotatedPath(_ name: RotatedName) -> String { path.sibling("\(path.name).\(name.suffix)") }

    /// Removes rotated files beyond the number to keep; one that stays is no reason to refuse events.
    private func removeOldest() {
        do {
            for name in try rotatedNames().sorted().dropLast(configuration.keptFiles) {
                guard unlink(rotatedPath(name)) == 0 else { throw SystemCallError("removed", rotatedPath(name)) }
            }
        } catch {
            logger.warning("An old file could not be removed.", metadata: ["error": "\(error)"])
        }
    }
}
