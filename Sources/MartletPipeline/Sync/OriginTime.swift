import Martlet
import MartletJSON

/// When a resource last changed, as its origin's own document tells.
enum OriginTime {
    /// OpenStack's services' names, and CloudStack's.
    private static let fields = ["updated_at", "updated", "lastupdated", "created_at", "created"]

    /// `nil` where the document has no such moment.
    static func updated(in details: Bytes) -> Timestamp? {
        guard let root = try? JSONDocument(parsing: details).root else { return nil }
        for field in fields {
            // OpenStack's services write UTC, some of them without saying so.
            if let text = root[field]?.string, let time = Timestamp(text) ?? Timestamp(text + "Z") { return time }
        }
        return nil
    }
}
