import MartletClient
import MartletJSON

/// The items of one request.
struct PublishBatch {
    static let largestCount = 500
    /// An item that is larger goes by itself.
    static let largestSize = 1 << 20

    private(set) var items: [PublishItem] = []
    private(set) var size = 0

    /// Whether there is room for an item; an empty batch has room for any.
    func hasRoom(for item: PublishItem) -> Bool {
        items.isEmpty || items.count < Self.largestCount && size + item.bytes.count + 1 <= Self.largestSize
    }

    mutating func append(_ item: PublishItem) {
        items.append(item)
        size += item.bytes.count + 1
    }

    /// The request's content and what says how to read it.
    func content(_ shape: ItemReader.Shape, isCloudEvents: Bool) -> (body: [UInt8], type: String) {
        switch shape {
        case .lines: (joined("", "\n", ""), "application/x-ndjson")
        case .array: (joined("[", ",", "]"), isCloudEvents ? "application/cloudevents-batch+json" : "application/json")
        case .document: (joined("", "", ""), isCloudEvents ? "application/cloudevents+json" : "application/json")
        }
    }

    private func joined(_ start: String, _ separator: String, _ end: String) -> [UInt8] {
        var body = Array(start.utf8)
        body.reserveCapacity(size + 2)
        for (index, item) in items.enumerated() {
            if index > 0 { body.append(contentsOf: separator.utf8) }
            body.append(contentsOf: item.bytes)
        }
        body.append(contentsOf: end.utf8)
        return body
    }
}

extension PublishItem {
    /// Whether it is a CloudEvent, in its JSON format.
    var isCloudEvent: Bool { (try? JSONDocument(parsing: bytes))?.root["specversion"] != nil }
}
