import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import Synchronization

/// Whether OpenStack's services show the user everything: they do not say, and he who sees a part would take the rest for gone.
///
/// The role `admin` is taken at its word, as the services' own policies have it. Another role that the operator names has to be seen
/// to work, by each service: it does where something is shown that belongs to another project and is shared with nobody.
/// Keystone need not be tried, since it shows a project's token all of a collection or refuses it.
final class OpenStackView: Sendable {
    private static let administrator = "admin"

    /// What is listed of a service to find something of others.
    private static let telling: [OpenStackService: String] = [
        .compute: "VirtualMachine", .volume: "Volume", .image: "Template", .network: "SecurityGroup",
    ]

    private let api: OpenStackAPI
    /// Those who see everything.
    private let roles: Set<String>
    /// The services that have shown something of others.
    private let open = Mutex<Set<OpenStackService>>([])

    init(_ api: OpenStackAPI, roles: Set<String>) {
        self.api = api
        self.roles = roles
    }

    /// The project of the credential.
    func ownProject() async throws(OpenStackError) -> String? { try await api.user(having: roles).projectID }

    /// Takes note of what a service has shown to somebody of a project.
    func note(_ listed: [ListedResource], at path: OpenStackPath, _ own: String?) {
        guard !open.withLock({ $0.contains(path.service) }) else { return }
        if listed.contains(where: { Self.isOthers($0, own) }) { open.withLock { _ = $0.insert(path.service) } }
    }

    /// Of these Nova hides what is not public, or not the project's, from everybody but an administrator, whatever else it shows.
    private static let administrators: Set<String> = ["ServiceOffering", "AffinityGroup"]

    /// Why not everything of a type is shown; `nil` where it is.
    func restriction(of type: String, at path: OpenStackPath) async throws(OpenStackError) -> String? {
        let held = try await api.user(having: roles).roles.intersection(roles)
        guard !held.isEmpty else { return Self.partial(roles) }
        guard !held.contains(Self.administrator), path.service != .identity else { return nil }
        if Self.administrators.contains(type) { return Self.partial([Self.administrator]) }
        return try await isOpen(path.service) ? nil : Self.unseen(held, path.service)
    }

    private func isOpen(_ service: OpenStackService) async throws(OpenStackError) -> Bool {
        if open.withLock({ $0.contains(service) }) { return true }
        guard let type = Self.telling[service], let path = OpenStackPath(of: type) else { return false }
        let own = try await ownProject()
        var pages = api.pages(of: path)
        while let page = try await pages.next() {
            note(page.compactMap { OpenStackFacts.listed($0, of: type, at: path) }, at: path, own)
            if open.withLock({ $0.contains(service) }) { return true }
        }
        return false
    }

    /// Whether only he sees a resource who sees everything.
    private static func isOthers(_ listed: ListedResource, _ own: String?) -> Bool {
        guard let own, let owner = listed.facts.ownerID, owner != own else { return false }
        switch listed.resource.type {
        case "VirtualMachine", "Volume", "Snapshot", "Backup", "Router", "IpAddress": return true
        case "Template": return document(of: listed)?["visibility"]?.string == "private"
        case "Network", "SecurityGroup", "SubnetPool":
            guard let document = document(of: listed) else { return false }
            return document["shared"]?.boolean != true && document["router:external"]?.boolean != true
        // A subnet or a port may be in a network that is shared.
        default: return false
        }
    }

    private static func document(of listed: ListedResource) -> JSONValue? {
        listed.facts.details.flatMap { try? JSONDocument(parsing: $0).root }
    }

    private static func partial(_ roles: Set<String>) -> String {
        """
        OpenStack's services show the user what he may see, and do not say whether that is all: give the user of the credential the role \
        \(roles.sorted().joined(separator: " or ")) in its project, and make an application credential anew, which keeps the roles that it \
        was made with. Where another role sees everything, name it in all-seeing-roles.
        """
    }

    private static func unseen(_ roles: Set<String>, _ service: OpenStackService) -> String {
        """
        The \(service.rawValue) service has shown nothing that belongs to another project and is not shared, so that nobody knows whether \
        the role \(roles.sorted().joined(separator: " or ")) sees everything, as all-seeing-roles says: check the service's policies.
        """
    }
}
