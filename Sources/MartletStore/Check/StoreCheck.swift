import GRDB
import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Looks at everything in a store and changes nothing, whether a server runs on it or not.
///
/// Each row is compared with its checksum, and the rows with each other: what the log says with what the index, the
/// forwarders and the identities say. All of it is read in one snapshot, so a server that goes on working does not disturb; its
/// write-ahead log grows until the check is done.
package enum StoreCheck {
    /// Checks the store in a data directory.
    ///
    /// - Parameter progress: told now and then, on the thread that does the work.
    /// - Throws: ``StoreError`` where there is no store, or one that this version does not know.
    package static func run(
        directory: String,
        progress: @escaping @Sendable (StoreWork) -> Void = { _ in }
    ) async throws -> StoreReport {
        do {
            return try await offCooperativePool { try check(StoreFile(directory: directory), progress) }
        } catch {
            throw StoreError.wrapping(error)
        }
    }

    static func check(
        _ file: StoreFile,
        _ progress: @escaping @Sendable (StoreWork) -> Void
    ) throws -> StoreReport {
        guard access(file.path, F_OK) == 0 else {
            throw StoreError(.failed, "There is no store in \(file.directory). Name its directory with --data.")
        }
        var report = StoreReport()
        checkLog(of: file, &report)
        do {
            _ = try file.inspect()
        } catch {
            // A flipped bit in the file's head says the same as a newer program does; the tables tell which it was.
            if error.code == .newerVersion {
                guard let layout = Salvage(try PageFile(path: file.path)).layout, layout <= StoreFile.version else {
                    throw error
                }
            }
            report.add(.file, "martlet.sqlite", "it cannot be opened: \(reason(of: error))")
            return report
        }
        do {
            let queue = try open(file.path)
            // Who has only read has nothing to lose by it.
            defer { try? queue.close() }
            report = try queue.read { database in
                var checker = StoreChecker(database, report: report, progress: progress)
                checker.run()
                return checker.report
            }
        } catch {
            report.add(.file, "martlet.sqlite", "it cannot be read: \(reason(of: error))")
        }
        checkText(of: file, &report)
        return report
    }

    /// What went wrong, without a full stop.
    static func reason(of error: any Error) -> String {
        let text = (error as? StoreError)?.reason ?? (error as? DatabaseError)?.message ?? "\(error)"
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "martlet.store.check"
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The log is read only while no server runs: one that does cuts and overwrites it, and goes by an index in memory.
    private static func checkLog(of file: StoreFile, _ report: inout StoreReport) {
        guard !DirectoryLock.isHeld(directory: file.directory), let pages = try? PageFile(path: file.path) else {
            return
        }
        for frame in pages.log.damagedFrames {
            let subject = frame == 0 ? "martlet.sqlite-wal" : "frame \(frame) of \(pages.log.frameCount)"
            report.add(.writeAheadLog, subject, frame == 0 ? "its head is damaged" : "its checksum is wrong")
        }
        if let expected = pages.log.expectedFrames, expected > pages.log.frameCount {
            report.add(
                .writeAheadLog,
                "frame \(pages.log.frameCount + 1) of \(expected)",
                "the log ends before it, and had been written further"
            )
        }
    }

    private static func checkText(of file: StoreFile, _ report: inout StoreReport) {
        guard access(file.textPath, F_OK) == 0 else { return }
        do {
            let queue = try open(file.textPath)
            defer { try? queue.close() }
            let messages = try queue.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(10)") }
            for message in messages where message != "ok" { report.add(.textIndex, "text.sqlite", message) }
        } catch {
            report.add(.textIndex, "text.sqlite", reason(of: error))
        }
    }
}
