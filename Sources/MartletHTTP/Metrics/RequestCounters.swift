import HTTPTypes
import Synchronization

/// Counts the requests by method and class of status.
final class RequestCounters: Sendable {
    struct Key: Hashable, Comparable {
        var method: String
        /// `2xx`.
        var statusClass: String

        static func < (left: Key, right: Key) -> Bool {
            (left.method, left.statusClass) < (right.method, right.statusClass)
        }
    }

    private let counts = Mutex<[Key: Int64]>([:])

    /// The counts so far.
    var all: [Key: Int64] { counts.withLock { $0 } }

    func count(_ method: HTTPRequest.Method, status: Int) {
        // Clients may send any word for a method; a metric must not have a value for each.
        let name = RequestCounters.methods.contains(method) ? method.rawValue : "other"
        let key = Key(method: name, statusClass: "\(status / 100)xx")
        counts.withLock { $0[key, default: 0] += 1 }
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}
