package import MartletJSON

/// The pages of a list.
///
/// CloudStack counts its way through a list. Where something is deleted meanwhile, what stood at the head of the next page has
/// moved to a page before, which is read again then; so a resource may come twice, but none is passed by unless something
/// else was added in the same moment. Where it does not give pages as large as it was asked for, it is asked for as many as it
/// does give, from the beginning.
package struct CloudStackPages: Sendable {
    /// How often a page is read again, at the most: a list that shrinks all the time comes to an end too.
    private static let maximumStepsBack = 10

    private let api: CloudStackAPI
    private let command: CloudStackListCommand
    private let parameters: [String: String]
    private var size: Int
    private var number = 1
    /// How many resources there are, as far as CloudStack has said.
    private var total: Int?
    private var stepsBack = 0
    /// The ids of the page before.
    private var former: [String?] = []
    private var isOver = false

    init(api: CloudStackAPI, command: CloudStackListCommand, parameters: [String: String], size: Int) {
        self.api = api
        self.command = command
        self.parameters = parameters
        self.size = size
    }

    /// The next page, never empty; `nil` behind the last one. What threw may be asked for again.
    package mutating func next() async throws(CloudStackError) -> [JSONValue]? {
        while !isOver {
            guard let list = try await page() else { continue }
            let page = list.resources
            let ids = page.map { $0["id"]?.string }
            // Some commands know no pages: they give everything again.
            guard !page.isEmpty, ids != former else {
                isOver = true
                return nil
            }
            let read = (number - 1) * size + page.count
            total = list.count.flatMap { $0 >= read ? $0 : nil }
            // A page may be short though others follow: what the keys' owner may not see is taken out of it.
            isOver = page.count < size && (total ?? 0) <= read
            (number, former) = (number + 1, ids)
            return page
        }
        return nil
    }

    /// The page that is next; `nil` where another one is to be read first.
    private mutating func page() async throws(CloudStackError) -> CloudStackList? {
        let list: CloudStackList
        do throws(CloudStackError) {
            list = try await api.list(
                command,
                parameters.merging(["page": "\(number)", "pagesize": "\(size)"]) { $1 }
            )
        } catch {
            guard let limit = error.pageSizeLimit, (1..<size).contains(limit) else { throw error }
            self = CloudStackPages(api: api, command: command, parameters: parameters, size: limit)
            return nil
        }
        let shrinkage = shrinkage(list)
        guard shrinkage > 0, stepsBack < Self.maximumStepsBack else { return list }
        stepsBack += 1
        (number, former) = (max(number - (shrinkage + size - 1) / size, 1), [])
        // Behind the end CloudStack does not say how many there are.
        if !list.resources.isEmpty { total = list.count }
        return nil
    }

    /// How many fewer there are than when the page before was read, at the least.
    private func shrinkage(_ list: CloudStackList) -> Int {
        guard number > 1, let total else { return 0 }
        let passed = (number - 1) * size
        if list.resources.isEmpty { return total - passed }
        guard let count = list.count, count >= passed + list.resources.count else { return 0 }
        return total - count
    }
}
