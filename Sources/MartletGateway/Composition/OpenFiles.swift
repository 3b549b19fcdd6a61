import Glibc
import Logging

/// How many files and connections this process may have open.
///
/// What a shell or systemd sets by default, 1,024, is for programs that wait with `select`; connections and forwarders
/// together need more.
enum OpenFiles {
    /// What the store, the forwarders and everything else may need besides the connections that are served.
    private static let reserve = 1_024

    /// Raises the limit as far as the administrator of the machine allows, and warns where that is not enough.
    static func raiseLimit(forConnections connections: Int, logger: Logger) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        guard limit.rlim_cur < rlim_t(connections + reserve) else { return }
        logger.warning(
            "This process may open fewer files than its connections may need; raise LimitNOFILE, or lower limits.connections.",
            metadata: ["files": "\(limit.rlim_cur)", "connections": "\(connections)"]
        )
    }
}
