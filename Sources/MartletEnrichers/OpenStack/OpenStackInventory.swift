import Martlet
import MartletClouds
import MartletJSON
package import MartletPipeline

/// Lists all that OpenStack's services show, as facts that are the same as when they are asked for one resource.
package struct OpenStackInventory: ResourceInventory {
    package let types: [String]
    private let api: OpenStackAPI
    private let view: OpenStackView
    private let pageSize: Int

    /// - Parameters:
    ///   - allSeeingRoles: the roles that are shown everything.
    ///   - listsKeyPairs: whether Nova is asked for key pairs, once for each user.
    package init(
        _ api: OpenStackAPI,
        allSeeingRoles: Set<String> = ["admin"],
        listsKeyPairs: Bool = false,
        pageSize: Int = 500
    ) {
        self.api = api
        self.pageSize = pageSize
        view = OpenStackView(api, roles: allSeeingRoles)
        types = OpenStackPath.types.filter { listsKeyPairs || $0 != OpenStackPath.keyPair }
    }

    package func pages(of type: String) -> any ResourcePages {
        guard let path = OpenStackPath(of: type) else { return NoResourcePages() }
        return OpenStackResourcePages(
            type: type,
            path: path,
            view: view,
            pages: api.pages(of: path, size: pageSize)
        )
    }
}

/// The resources of one type.
struct OpenStackResourcePages: ResourcePages {
    private let type: String
    private let path: OpenStackPath
    private let view: OpenStackView
    private var pages: OpenStackPages
    private var listed = ListedIDs()

    init(type: String, path: OpenStackPath, view: OpenStackView, pages: OpenStackPages) {
        self.type = type
        self.path = path
        self.view = view
        self.pages = pages
    }

    mutating func next() async throws -> [ListedResource]? {
        let restriction: String?
        do throws(OpenStackError) {
            // Before the page: what throws behind it would lose it.
            let own = try await view.ownProject()
            if let page = try await pages.next() {
                let resources = page.compactMap { resource(in: $0) }
                view.note(resources, at: path, own)
                return resources
            }
            restriction = try await view.restriction(of: type, at: path)
        } catch {
            throw Self.failure(error)
        }
        if let restriction { throw InventoryRefusal(restriction, isBehindAll: true) }
        return nil
    }

    private static func failure(_ error: OpenStackError) -> any Error {
        switch error.code {
        case .notPermitted, .noService, .unknown, .invalid: InventoryRefusal(error.message)
        case .truncated: InventoryRefusal(error.message, isBehindAll: true)
        default: EnricherError(error.message, retryAfter: error.retryAfter)
        }
    }

    /// `nil` where it has been listed before.
    private mutating func resource(in document: JSONValue) -> ListedResource? {
        guard let found = OpenStackFacts.listed(document, of: type, at: path), listed.insert(found.resource.id) else {
            return nil
        }
        return found
    }
}

/// Of a type that no service is asked for.
private struct NoResourcePages: ResourcePages {
    mutating func next() async throws -> [ListedResource]? {
        throw InventoryRefusal("No service of OpenStack's is asked for this type.")
    }
}
