import Martlet
import MartletPipeline

/// What a listing of one type has brought.
struct InventoryReading {
    private(set) var resources: [ListedResource] = []
    /// How many each page had.
    private(set) var pages: [Int] = []
    /// What was thrown on the way, in its order.
    private(set) var failures: [any Error] = []
    /// Whether it came to its end.
    private(set) var isWhole = false

    /// Reads a type; what threw is asked for again as often as is said.
    init(_ type: String, of inventory: any ResourceInventory, asking attempts: Int = 1) async {
        var listing = inventory.pages(of: type)
        while failures.count < attempts {
            do {
                guard let page = try await listing.next() else {
                    isWhole = true
                    return
                }
                pages.append(page.count)
                resources += page
            } catch {
                failures.append(error)
            }
        }
    }

    var ids: [String] { resources.map(\.resource.id) }
    var refusal: InventoryRefusal? { failures.last as? InventoryRefusal }
    var errors: [EnricherError] { failures.compactMap { $0 as? EnricherError } }

    func facts(_ id: String) -> ResourceFactsView? { resources.first { $0.resource.id == id }.map { .init($0.facts) } }
}
