#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a descriptor that may keep silent for ever, on a queue of its own, and can be called off.
///
/// `poll` waits for the input and for a pipe that is written to when the reader is called off. It works for terminals,
/// pipes and files alike, and leaves the descriptor's flags alone, which it may share with other programs.
actor DescriptorReader {
    private static let chunkSize = 256 << 10

    private let descriptor: Int32
    private let wake: WakePipe
    private let executor = BlockingExecutor(label: "martlet.descriptor-reader")

    init(descriptor: Int32) throws(SystemCallError) {
        self.descriptor = descriptor
        wake = try WakePipe()
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The next bytes, none at the end of the input; `nil` where the task was cancelled meanwhile.
    nonisolated func read() async throws(SystemCallError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await readBlocking()
        } onCancel: {
            wake.ring()
        }
        return try result.get()
    }

    private func readBlocking() -> Result<[UInt8]?, SystemCallError> {
        let wanted = Int16(POLLIN)
        var polled = [
            pollfd(fd: descriptor, events: wanted, revents: 0), pollfd(fd: wake.reading, events: wanted, revents: 0),
        ]
        guard uninterrupted({ poll(&polled, nfds_t(polled.count), -1) }) >= 0 else { return failure() }
        if polled[1].revents != 0 { return .success(nil) }
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, initialized in
            count = uninterrupted { systemRead(descriptor, buffer.baseAddress, buffer.count) }
            initialized = max(0, count)
        }
        return count < 0 ? failure() : .success(bytes)
    }

    private func failure() -> Result<[UInt8]?, SystemCallError> {
        .failure(SystemCallError("read", "standard input"))
    }
}

/// A pipe whose only message is that somebody has rung.
private final class WakePipe: Sendable {
    let reading: Int32
    private let writing: Int32

    init() throws(SystemCallError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemCallError("made", "pipe") }
        (reading, writing) = (ends[0], ends[1])
        // Neither end concerns a program that this one starts.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(reading)
        close(writing)
    }

    func ring() {
        // One byte fits an empty pipe, and it is rung once: nothing to fail.
        _ = uninterrupted { write(writing, [1], 1) }
    }
}

/// `read`, out of reach of the method of that name.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
