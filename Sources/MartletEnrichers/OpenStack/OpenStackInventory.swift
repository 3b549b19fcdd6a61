import Martlet
import MartletClouds
import MartletJSON
package import MartletPipeline

/// Lists all that OpenStack's services show, as facts that are the same as when they are asked for one resource.
package struct OpenStackInventory: ResourceInventory {
    private let api: OpenStackAPI
    private let pageSize: Int

    package init(_ api: OpenStackAPI, pageSize: Int = 500) {
        self.api = api
        self.pageSize = pageSize
    }

    package var types: [String] { OpenStackPath.types }

    package func pages(of type: String) -> any ResourcePages {
        OpenStackResourcePages(
            type: type,
            api: api,
            pages: OpenStackPath(of: type).map { api.pages(of: $0, size: pageSize) }
        )
    }
}

/// The resources of one type.
struct OpenStackResourcePages: ResourcePages {
    private let type: String
    private let api: OpenStackAPI
    /// `nil` where no service is asked for the type.
    private var pages: OpenStackPages?
    private var listed = ListedIDs()

    init(type: String, api: OpenStackAPI, pages: OpenStackPages?) {
        self.type = type
        self.api = api
        self.pages = pages
    }

    mutating func next() async throws -> [ListedResource]? {
        do throws(OpenStackError) {
            while let page = try await pages?.next() {
                let resources = page.compactMap { resource(in: $0) }
                if !resources.isEmpty { return resources }
            }
            if try await api.isAdministrator() { return nil }
        } catch {
            throw Self.failure(error)
        }
        throw InventoryRefusal(Self.partialView)
    }

    private static let partialView = """
        OpenStack's services show the user what he may see, and do not say whether that is all: give the user of the \
        credential the role admin in its project.
        """

    private static func failure(_ error: OpenStackError) -> any Error {
        switch error.code {
        case .notPermitted, .noService, .unknown, .invalid, .truncated: InventoryRefusal(error.message)
        default: EnricherError(error.message, retryAfter: error.retryAfter)
        }
    }

    /// `nil` where it has been listed before.
    private mutating func resource(in document: JSONValue) -> ListedResource? {
        guard let id = document["id"]?.string, listed.insert(id) else { return nil }
        let resource = ResourceReference(type: type, id: id)
        return ListedResource(resource: resource, facts: OpenStackFacts.facts(of: resource, in: document))
    }
}
