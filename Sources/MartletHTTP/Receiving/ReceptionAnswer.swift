import Martlet
import MartletJSON
import MartletPipeline

/// What became of a body: the answer to whoever posted it.
struct ReceptionAnswer: Sendable {
    var receipt: CommitReceipt
    var ignored: Int
    /// Items that no event could be made of, by their place in the body.
    var problems: [Reception.Problem]
}

extension ReceptionAnswer {
    init(_ reception: Reception) {
        self.init(receipt: reception.receipt, ignored: reception.ignored, problems: reception.problems)
    }

    /// Writes the members of the answer.
    func write(into writer: inout JSONWriter) {
        writer.member("accepted", receipt.accepted)
        writer.member("duplicates", receipt.duplicates)
        writer.member("quarantined", receipt.quarantined)
        writer.member("ignored", ignored)
        writer.key("position")
        writer.stringOrNull(receipt.lastPosition?.description)
        writer.key("problems")
        writer.beginArray()
        for problem in problems {
            writer.beginObject()
            writer.member("index", problem.index)
            writer.member("reason", problem.reason)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension JSONWriter {
    /// A string, or `null` where there is none.
    mutating func stringOrNull(_ text: String?) {
        if let text { string(text) } else { null() }
    }
}
