import Logging

/// Reads a file's lines as they are appended, across rotation and truncation, on a queue of its own.
actor FileTail {
    /// Lines, and how far the file has been read when they are committed.
    struct Portion: Sendable {
        var lines: LineBatch
        var place: FilePlace
    }

    private let path: String
    private let isFollowing: Bool
    private let logger: Logger
    private let executor: BlockingExecutor
    private var file: ReadFile?
    private var cutter = LineCutter(maximumLength: LineBatch.maximumLineLength)
    /// Where the file was when the cutter was new.
    private var base: Int64 = 0
    private var isMissingReported = false
    /// Where the file was given up because it could not be read.
    private var lost: FilePlace?

    init(path: String, isFollowing: Bool, logger: Logger) {
        self.path = path
        self.isFollowing = isFollowing
        self.logger = logger
        executor = BlockingExecutor(label: "martlet.file-source")
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Goes to the place of a checkpoint: in the file itself, or in one beside it that it was renamed to.
    func resume(at place: FilePlace) throws(SystemCallError) {
        for candidate in try [path] + namesBeside() {
            guard try FileStatus(path: candidate)?.identity == place.identity else { continue }
            try open(candidate)
            guard file?.identity == place.identity, try file?.seek(to: place.offset) == true else { break }
            base = place.offset
            return
        }
        file = nil
        logger.warning(
            "The file that was read last is no longer there; lines of it may be missing.",
            metadata: ["path": "\(path)"]
        )
    }

    /// The next lines; `nil` where there are none, for now while following, else for good.
    ///
    /// After an error the file is looked for anew, and read on where the last portion ended.
    func next() throws(SystemCallError) -> Portion? {
        do throws(SystemCallError) {
            return try read()
        } catch {
            if isFollowing { giveUp() }
            throw error
        }
    }

    /// A descriptor that cannot be read may never be again, where its file system has lost the file.
    private func giveUp() {
        // What has been opened again and cannot be read either has told of no other place.
        lost = lost ?? place
        file = nil
        restartCutter()
    }

    private func read() throws(SystemCallError) -> Portion? {
        guard try openIfNeeded() else { return nil }
        var lines = LineBatch()
        let start = place
        while !lines.isFull {
            if let line = cutter.next() {
                lines.add(line)
            } else if let bytes = try read(hasLines: place != start), !bytes.isEmpty {
                cutter.append(bytes)
            } else if place != start {
                break
            } else if let last = try lastLine() {
                lines.add(last)
                break
            } else if try !turnToNewFile() {
                return nil
            } else {
                return try read()
            }
        }
        return place.map { Portion(lines: lines, place: $0) }
    }

    /// The next bytes of the file; none where they cannot be read and there are lines already: these are handed out first.
    private func read(hasLines: Bool) throws(SystemCallError) -> [UInt8]? {
        do throws(SystemCallError) {
            return try file?.read()
        } catch {
            guard hasLines else { throw error }
            return nil
        }
    }

    private var place: FilePlace? {
        (file?.identity).map { FilePlace(identity: $0, offset: base + cutter.consumed) }
    }

    private func openIfNeeded() throws(SystemCallError) -> Bool {
        if file != nil { return true }
        if let lost {
            // A file system that is away for a moment comes back with the same file.
            guard try FileStatus(path: path) != nil else { return false }
            try resume(at: lost)
            self.lost = nil
            if file != nil { return true }
        }
        if isFollowing, try FileStatus(path: path) == nil {
            if !isMissingReported {
                logger.notice("A file to follow is not there yet.", metadata: ["path": "\(path)"])
            }
            isMissingReported = true
            return false
        }
        try open(path)
        return true
    }

    private func open(_ path: String) throws(SystemCallError) {
        file = try ReadFile(path: path)
        restartCutter()
    }

    private func restartCutter() {
        cutter = LineCutter(maximumLength: LineBatch.maximumLineLength)
        base = 0
    }

    /// The line without a line feed at the end of a file that nobody writes any more.
    private func lastLine() throws(SystemCallError) -> LineCutter.Line? {
        if isFollowing, try !hasMoved() { return nil }
        // It may have grown since its end was seen.
        while let bytes = try file?.read(), !bytes.isEmpty {
            cutter.append(bytes)
            if let line = cutter.next() { return line }
        }
        return cutter.finish()
    }

    /// Whether another file has the name now.
    private func hasMoved() throws(SystemCallError) -> Bool {
        guard let current = try FileStatus(path: path)?.identity else { return false }
        return current != file?.identity
    }

    /// At the end of a file: goes on where there is more to read elsewhere.
    private func turnToNewFile() throws(SystemCallError) -> Bool {
        guard isFollowing else { return false }
        if try hasMoved() {
            try open(path)
            return true
        }
        if let offset = file?.offset, let size = try file?.size(), size < offset {
            logger.notice("A file was cut; it is read from its beginning.", metadata: ["path": "\(path)"])
            file?.rewind()
            restartCutter()
            return true
        }
        return false
    }

    private func namesBeside() throws(SystemCallError) -> [String] {
        let path = FilePath(path)
        return try path.relatedNames().map(path.sibling)
    }
}
