import MartletJSON
import Testing

/// What is compared of an event.
struct CrashEvent: Sendable {
    var id: String
    var type: String
    var subject: String
    var position: Int

    init(_ json: JSONValue) throws {
        id = try #require(json["id"]?.string)
        type = try #require(json["type"]?.string)
        subject = try #require(json["subject"]?.string)
        position = try #require(json["position"]?.string.flatMap { Int($0) })
    }
}
