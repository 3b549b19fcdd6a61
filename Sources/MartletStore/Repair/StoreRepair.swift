import GRDB
import Martlet
package import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes a damaged store anew: everything that can be read of it, its positions unchanged, and on record what could not be
/// saved.
///
/// The damaged files are only read, and in the end moved aside; the new store takes their place when it has been checked and is
/// on disk. Whatever happens in between, the damaged files are all there.
package enum StoreRepair {
    /// Repairs the store in a data directory, which no server may have open.
    ///
    /// - Throws: ``StoreError``: `.locked` where a server runs, `.full` where there is no room. The reason says whether anything
    ///   has been changed.
    package static func run(
        directory: String,
        time: any TimeSource = SystemTime(),
        progress: @escaping @Sendable (StoreWork) -> Void = { _ in }
    ) async throws -> RepairReport {
        let file = StoreFile(directory: directory)
        do {
            let (lock, wasInterrupted) = try await offCooperativePool { () throws -> (DirectoryLock, Bool) in
                guard access(file.path, F_OK) == 0 || RepairSwap(file).isUnfinished else {
                    throw StoreError(.failed, "There is no store in \(directory). Name its directory with --data.")
                }
                let lock = try DirectoryLock(directory: directory)
                try DirectoryOwner(of: directory)?.take(directory + "/lock")
                let swap = RepairSwap(file)
                guard swap.isUnfinished else { return (lock, false) }
                try swap.finish()
                return (lock, true)
            }
            defer { withExtendedLifetime(lock) {} }
            if wasInterrupted {
                var report = RepairReport()
                report.remarks.append("A repair that had been interrupted has been finished.")
                report.check = try await StoreCheck.run(directory: directory, progress: progress)
                return report
            }
            return try await repair(file, time, progress)
        } catch {
            guard var failure = StoreError.wrapping(error) as? StoreError else { throw error }
            failure.reason +=
                RepairSwap(file).isUnfinished
                ? " The repaired store is complete, and the change to it is under way: mend the cause and repair again."
                : " Nothing has been changed."
            throw failure
        }
    }

    private static func repair(
        _ file: StoreFile,
        _ time: any TimeSource,
        _ progress: @escaping @Sendable (StoreWork) -> Void
    ) async throws -> RepairReport {
        let swap = RepairSwap(file)
        let name = time.now.description.filter { $0.isNumber || $0 == "T" }.prefix(15)
        let (saved, floor) = try await offCooperativePool { () throws -> (RepairReport, Int64) in
            let salvage = Salvage(try PageFile(path: file.path))
            if let layout = salvage.layout, layout > StoreFile.version {
                throw StoreError(
                    .newerVersion,
                    "The store is of a newer Martlet (layout \(layout)); repair it with that one."
                )
            }
            try swap.begin(room: try requiredRoom(file))
            let queue = try makeStore(swap.newFile)
            let rebuild = try StoreRebuild(salvage, into: queue, now: time.now, progress: progress)
            try rebuild.run()
            try queue.close()
            return (rebuild.report, rebuild.floor)
        }
        try await raiseAlert(saved, above: floor, in: swap.newFile, time)
        return try await offCooperativePool {
            var report = saved
            report.check = try StoreCheck.check(swap.newFile, progress)
            report.copies = "\(file.directory)/damaged-\(name)"
            try swap.ready(movingAsideTo: "damaged-\(name)")
            try swap.finish()
            return report
        }
    }

    private static func makeStore(_ file: StoreFile) throws -> DatabaseQueue {
        try file.makeFiles()
        var configuration = Configuration()
        configuration.label = "martlet.store.repair"
        configuration.prepareDatabase { database in
            // Nothing is lost with it before it is complete; then it is brought to the disk as a whole.
            try database.execute(sql: "PRAGMA page_size = 4096; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = MEMORY")
        }
        let queue = try DatabaseQueue(path: file.path, configuration: configuration)
        try Schema.migrator.migrate(queue)
        return queue
    }

    /// What has been done becomes an event of its own, behind every position that was ever given: so none is given again.
    private static func raiseAlert(
        _ report: RepairReport,
        above floor: Int64,
        in file: StoreFile,
        _ time: any TimeSource
    ) async throws {
        var options = StoreOptions()
        options.time = time
        options.minimumHead = floor
        let store = try await SQLiteEventStore.open(at: file.directory, options: options)
        let alert = StoreAlert(
            .repaired,
            "The store has been repaired. Events lost: \(report.lostCount).",
            details: [
                "lost": "\(report.lostCount)",
                "positions": report.lost.prefix(100).map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " "),
            ]
        )
        let batch = IntakeBatch(alert: alert.event(at: time.now))
        _ = try await store.commit(CommitGroup(batches: [batch], recordedTime: time.now))
        try await store.close()
    }

    /// The new store is never larger than what it is made of.
    private static func requiredRoom(_ file: StoreFile) throws -> Int64 {
        var total: Int64 = 16 << 20
        for suffix in ["", "-wal"] {
            var status = stat()
            if stat(file.path + suffix, &status) == 0 { total += Int64(status.st_size) }
        }
        return total
    }
}
