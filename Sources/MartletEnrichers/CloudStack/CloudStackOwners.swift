import Martlet
import MartletJSON
import MartletPipeline
import Synchronization

/// The ids of accounts, which most of CloudStack's answers name by name and domain alone.
final class CloudStackOwners: Sendable {
    struct Name: Sendable, Hashable {
        var account: String
        var domainID: String
    }

    private struct Entry: Sendable {
        var id: String?
        var until: Timestamp
    }

    private static let capacity = 10_000

    private let api: CloudStackAPI
    private let time: any TimeSource
    private let lifetime: Duration
    private let entries = Mutex<[Name: Entry]>([:])

    /// - Parameter lifetime: how long an id, or that there is none, is taken for true.
    init(_ api: CloudStackAPI, time: any TimeSource, lifetime: Duration) {
        self.api = api
        self.time = time
        self.lifetime = lifetime
    }

    /// The account's id; `nil` where CloudStack does not show one of this name.
    func id(of name: Name) async throws(CloudStackError) -> String? {
        let now = time.steadyNow
        if let entry = entries.withLock({ $0[name] }), now < entry.until { return entry.id }
        let found: String?
        do throws(CloudStackError) {
            let accounts = try await api.list(.accounts, ["name": name.account, "domainid": name.domainID])
            let exact = accounts.first {
                $0["name"]?.equals(name.account) == true && $0["domainid"]?.equals(name.domainID) == true
            }
            found = exact?["id"]?.string
        } catch {
            guard [.notPermitted, .unknown].contains(error.code) else { throw error }
            found = nil
        }
        remember(found, of: name)
        return found
    }

    func remember(_ id: String?, of name: Name) {
        let now = time.steadyNow
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries = entries.filter { now < $0.value.until } }
            if entries.count >= Self.capacity { entries = [:] }
            entries[name] = Entry(id: id, until: now + lifetime)
        }
    }
}
