import Foundation
import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/quarantine`: what no format could read, and reading it again.
struct QuarantineRoutes {
    let pipeline: Pipeline
    let reader: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.listQuarantine) { [store = pipeline.store] request, _ in
            let query = try request.query
            let (source, limit) = (try query.text("source"), try query.limit())
            var last = try query.id("after") ?? 0
            var written = 0
            var isAtEnd = false
            var writer = JSONWriter(reservingCapacity: 4_096)
            writer.beginObject()
            writer.key("items")
            writer.beginArray()
            while written < limit, !isAtEnd, writer.bytes.count < EventReader.answerBudget {
                let items = try await store.quarantined(
                    source: source,
                    after: last,
                    limit: limit - written,
                    maximumBytes: EventReader.answerBudget - writer.bytes.count
                )
                for item in items { item.write(into: &writer) }
                written += items.count
                isAtEnd = items.isEmpty
                last = items.last?.id ?? last
            }
            writer.endArray()
            writer.key("next")
            writer.stringOrNull(isAtEnd ? nil : String(last))
            writer.endObject()
            return Response(json: writer)
        }
        router.on(.retryQuarantine) { [pipeline, reader] request, context in
            let selection = try Selection(await reader.read(request, context), takesSource: true)
            let outcome = try await QuarantineRetry(pipeline: pipeline).retry(selection)
            return .object { outcome.write(into: &$0) }
        }
    }
}

extension MartletPipeline.QuarantinedItem {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", String(id))
        writer.member("source", source)
        writer.member("time", receivedTime.description)
        writer.member("reason", draft.reason)
        writer.key("routingkey")
        writer.stringOrNull(draft.routingKey)
        writer.member("size", draft.bytes.count)
        if let text = String(validating: draft.bytes, as: UTF8.self) {
            writer.member("text", text)
        } else {
            writer.member("base64", Data(draft.bytes).base64EncodedString())
        }
        writer.endObject()
    }
}
