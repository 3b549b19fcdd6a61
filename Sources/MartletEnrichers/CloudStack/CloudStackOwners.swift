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

    /// What a listing of all accounts tells of whose eyes one looks with.
    enum View: Sendable, Hashable {
        /// Those of an administrator of the whole cloud: they see everything.
        case whole
        /// Those of somebody who is not shown what belongs to others, without a word about it.
        case partial
        /// The role does not allow to list accounts: nobody knows.
        case unknown(refusal: String)
    }

    private struct Entry: Sendable {
        var id: String?
        var until: Timestamp
    }

    private struct State: Sendable {
        var entries: [Name: Entry] = [:]
        var view: View?
    }

    private let api: CloudStackAPI
    private let time: any TimeSource
    private let lifetime: Duration
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - lifetime: how long an id, or that there is none, is taken for true.
    ///   - capacity: how many accounts are remembered.
    init(_ api: CloudStackAPI, time: any TimeSource, lifetime: Duration, capacity: Int = 10_000) {
        self.api = api
        self.time = time
        self.lifetime = lifetime
        self.capacity = capacity
    }

    /// The account's id; `nil` where CloudStack does not show one of this name.
    func id(of name: Name) async throws(CloudStackError) -> String? {
        let now = time.steadyNow
        let (entry, view) = state.withLock { ($0.entries[name], $0.view) }
        if let entry, now < entry.until { return entry.id }
        if case .unknown = view { return nil }
        let found: String?
        do throws(CloudStackError) {
            let accounts = try await api.list(.accounts, ["name": name.account, "domainid": name.domainID]).resources
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

    /// Looks all accounts up together, once: before lists in which many of them are named.
    func lookUpAll() async throws(CloudStackError) -> View {
        if let view = state.withLock({ $0.view }) { return view }
        var view = View.partial
        do throws(CloudStackError) {
            var pages = api.pages(of: .accounts)
            while let page = try await pages.next() {
                for account in page {
                    // Type 1 is an administrator of the whole cloud. One who looks with his eyes sees at least him; a user
                    // sees himself alone, and a domain's administrator those of his domain.
                    if account["accounttype"]?.integer == 1 { view = .whole }
                    guard let name = account["name"]?.string, let domain = account["domainid"]?.string else { continue }
                    remember(account["id"]?.string, of: Name(account: name, domainID: domain))
                }
            }
        } catch {
            guard error.code == .notPermitted else { throw error }
            view = .unknown(refusal: error.message)
        }
        state.withLock { $0.view = view }
        return view
    }

    func remember(_ id: String?, of name: Name) {
        let now = time.steadyNow
        state.withLock { state in
            if state.entries.count >= capacity { state.entries = state.entries.filter { now < $0.value.until } }
            if state.entries.count >= capacity { state.entries = [:] }
            state.entries[name] = Entry(id: id, until: now + lifetime)
        }
    }
}
