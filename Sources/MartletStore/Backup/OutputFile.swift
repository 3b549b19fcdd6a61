import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that gets its name when it is whole and on disk, readable by nobody but its owner.
enum OutputFile {
    /// Has `body` write a file under a name of its own beside `file`, and gives it its name.
    ///
    /// - Throws: what `body` throws, and ``StoreError``; nothing is left behind then.
    static func make<Value>(to file: String, replaces: Bool, _ body: (_ partial: String) throws -> Value) throws
        -> Value
    {
        guard replaces || access(file, F_OK) != 0 else {
            throw StoreError(.failed, "\(file) is there already; name another file, or replace it with --force.")
        }
        let partial = file + ".partial"
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(partial + suffix) }
        let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("made", partial) }
        defer { close(descriptor) }
        do {
            let value = try body(partial)
            guard fsync(descriptor) == 0 else { throw failure("written", partial) }
            guard rename(partial, file) == 0 else { throw failure("renamed to \(file)", partial) }
            try synchronize(directoryOf: file)
            return value
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] { unlink(partial + suffix) }
            throw error
        }
    }

    /// Has the names in a directory on disk.
    static func synchronize(directoryOf file: String) throws {
        let directory = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opened", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("written", directory) }
    }

    /// Copies bytes, and tells after each piece how many there are.
    static func copy(_ source: String, to target: String, report: (_ done: Int64) -> Void) throws {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw failure("opened", source) }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CLOEXEC)
        guard output >= 0 else { throw failure("opened", target) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 4 << 20)
        var done: Int64 = 0
        while true {
            let count = buffer.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", source) }
            if count == 0 { return }
            var written = 0
            while written < count {
                let step = buffer.withUnsafeBytes { bytes in
                    write(output, bytes.baseAddress.map { $0 + written }, count - written)
                }
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { throw failure("written", target) }
                written += step
            }
            done += Int64(count)
            report(done)
        }
    }

    static func failure(_ what: String, _ path: String) -> StoreError {
        let reason = errno
        let isFull = reason == ENOSPC || reason == EDQUOT
        return StoreError(
            isFull ? .full : .inputOutput,
            "\(path) cannot be \(what): \(String(cString: strerror(reason)))."
        )
    }
}
