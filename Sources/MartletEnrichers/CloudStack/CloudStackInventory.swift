import Martlet
import MartletClouds
import MartletJSON
package import MartletPipeline

/// Lists all that CloudStack's API shows, as facts that are the same as when it is asked for one resource.
package struct CloudStackInventory: ResourceInventory {
    /// Of one sync.
    private static let lifetime = Duration.seconds(86_400)
    private static let accountCapacity = 1_000_000

    private let api: CloudStackAPI
    private let owners: CloudStackOwners
    private let pageSize: Int

    package init(_ api: CloudStackAPI, time: any TimeSource, pageSize: Int = 500) {
        self.api = api
        self.pageSize = pageSize
        owners = CloudStackOwners(api, time: time, lifetime: Self.lifetime, capacity: Self.accountCapacity)
    }

    package var types: [String] { CloudStackListCommand.types }

    package func pages(of type: String) -> any ResourcePages {
        let listings = CloudStackListCommand.listing(of: type).flatMap { command in
            // Newer CloudStacks answer the second with what the first lists as well.
            let places = command.isOfProjects ? [[:], ["projectid": "-1"]] : [[:]]
            return places.map { api.pages(of: command, $0, size: pageSize) }
        }
        return CloudStackResourcePages(type: type, owners: owners, listings: listings[...])
    }
}

/// The resources of one type, from all the lists that they are in.
struct CloudStackResourcePages: ResourcePages {
    private let type: String
    private let owners: CloudStackOwners
    /// The lists that are not read to their ends.
    private var listings: ArraySlice<CloudStackPages>
    private var listed = ListedIDs()

    init(type: String, owners: CloudStackOwners, listings: ArraySlice<CloudStackPages>) {
        self.type = type
        self.owners = owners
        self.listings = listings
    }

    mutating func next() async throws -> [ListedResource]? {
        let view: CloudStackOwners.View
        do throws(CloudStackError) {
            view = try await owners.lookUpAll()
            while true {
                // Where an owner cannot be found out the page is read again: who asks again has to get what is so then.
                var rest = listings
                let page = try await Self.nextPage(of: &rest)
                let resources = try await resources(in: page ?? [])
                listings = rest
                if page == nil { break }
                // Of a template there is one for each zone.
                let fresh = resources.filter { listed.insert($0.resource.id) }
                if !fresh.isEmpty { return fresh }
            }
        } catch {
            throw Self.failure(error)
        }
        switch view {
        case .whole: return nil
        case .partial: throw InventoryRefusal(Self.partialView, isBehindAll: true)
        case .unknown(let refusal):
            throw InventoryRefusal(
                "Whether all resources were listed is not known, since accounts are not: \(refusal)",
                isBehindAll: true
            )
        }
    }

    private static let partialView = """
        CloudStack shows the keys' owner what he may see, and does not say whether that is all: use the keys of a user of \
        the domain ROOT whose role is of the type Admin, as Read-Only Admin is.
        """

    private static func failure(_ error: CloudStackError) -> any Error {
        switch error.code {
        case .notPermitted, .unknown, .invalid: InventoryRefusal(error.message)
        default: EnricherError(error.message, retryAfter: error.retryAfter)
        }
    }

    private static func nextPage(
        of listings: inout ArraySlice<CloudStackPages>
    ) async throws(CloudStackError) -> [JSONValue]? {
        while let index = listings.indices.first {
            if let page = try await listings[index].next() { return page }
            listings.removeFirst()
        }
        return nil
    }

    private func resources(in documents: [JSONValue]) async throws(CloudStackError) -> [ListedResource] {
        let reader = CloudStackFacts(owners: owners)
        var resources: [ListedResource] = []
        for document in documents {
            guard let id = document["id"]?.string, !listed.contains(id) else { continue }
            let resource = ResourceReference(type: type, id: id)
            resources.append(
                ListedResource(resource: resource, facts: try await reader.facts(of: resource, in: document))
            )
        }
        return resources
    }
}
