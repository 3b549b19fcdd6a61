#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A system call on a file that did not succeed.
struct SystemCallError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was to be done, as in `written to`.
    var operation: String
    var path: String
    /// The system's number for the error.
    var number: Int32

    /// Takes the number from `errno`.
    init(_ operation: String, _ path: String) {
        self.init(operation, path, number: errno)
    }

    init(_ operation: String, _ path: String, number: Int32) {
        self.operation = operation
        self.path = path
        self.number = number
    }

    var description: String {
        "The file \(path) cannot be \(operation): \(SystemCallError.text(of: number))\(remedy)."
    }

    private var remedy: String {
        switch number {
        case ENOSPC, EDQUOT: "; make room on its disk"
        case EACCES, EPERM: "; give Martlet's user the right to"
        case ENOENT: "; make its folder, or mend the path"
        case EROFS: "; mount its disk for writing"
        case EWOULDBLOCK: "; another writer holds it"
        default: ""
        }
    }

    private static func text(of number: Int32) -> String {
        // `strerror` alone shares one buffer between threads.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(number, start, buffer.count) == 0 else {
                return "error \(number)"
            }
            return String(cString: start)
        }
    }
}

/// Repeats a system call that a signal interrupted.
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}
