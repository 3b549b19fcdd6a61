import Martlet
import MartletClient
@testable import MartletHTTP
import MartletJSON

/// What clients of the API send; not for libFuzzer, whose package would have to build a web server for it.
enum WebTargets {
    static let all = [query, bodies, selection]

    private static let query = FuzzTarget(name: "query") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let now = Timestamp(seconds: 1_769_773_115)
        if let query = try? QueryParameters(text) {
            // Each look goes through all of them; a handler looks for a few names.
            for (name, _) in query.items.prefix(8) {
                _ = try? query.moment(name, now: now)
                _ = try? query.position(name)
                _ = try? query.id(name)
                if let limit = try? query.integer(name, in: 1...1_000, default: 1) {
                    try demand((1...1_000).contains(limit), "a number is out of its range")
                }
            }
        }
        let encoded = text.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return "%" + (digits.count == 1 ? "0\(digits)" : digits)
        }.joined()
        try demand(PercentEncoding.decode(encoded) == text, "a text comes out of its encoding as another")
        try demand(PercentEncoding.decodeForm(encoded) == text, "a value comes out of its encoding as another")
    }

    /// The first byte chooses whether the sender says that it sends lines.
    private static let bodies = FuzzTarget(name: "bodies") { bytes in
        var input = FuzzInput(bytes)
        let splitter = BodySplitter(mediaType: input.byte() % 2 == 0 ? "application/x-ndjson" : "application/json")
        guard let items = try? splitter.split(input.rest) else { return }
        for item in items {
            try demand((item.json == nil) == (item.reason != nil), "an item is JSON and is not")
            try demand(input.rest.firstRange(of: item.bytes) != nil || item.bytes.isEmpty, "an item is not in the body")
        }
    }

    private static let selection = FuzzTarget(name: "selection") { bytes in
        guard let selection = try? Selection(Array(bytes), takesSource: true) else { return }
        if case .ids(let ids) = selection {
            try demand(Set(ids).count == ids.count && ids.count <= Selection.maximumIDs, "ids are repeated or too many")
        }
    }
}
