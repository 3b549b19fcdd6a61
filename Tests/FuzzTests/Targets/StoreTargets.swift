import Martlet
import MartletJSON
@testable import MartletPipeline
@testable import MartletStore

/// What lies on the disk, damaged by whatever means: its checksum may be right.
enum StoreTargets {
    static let all = [row, document]

    /// The first byte says how many of the others are the attributes; the rest is the body.
    private static let row = FuzzTarget(name: "event-row") { bytes in
        var input = FuzzInput(bytes)
        let count = Int(input.byte())
        let attributes = Array(input.rest.prefix(count))
        let body = Array(input.rest.dropFirst(count))
        guard let event = decode(attributes, body: body) else { return }
        _ = (event.payload.json, event.payload.base64)
        var encoder = EventEncoder()
        encoder.encodeKind(of: event.fields)
        let again = encoder.encodeAttributes(
            of: event.fields,
            id: event.id,
            changes: nil,
            isKindShared: false,
            publisher: nil
        )
        try demand(decode(again, body: body) == event, "the event comes back as another")
    }

    private static func decode(_ attributes: [UInt8], body: [UInt8]) -> Event? {
        var partial = PartialEvent()
        do {
            try attributes.withUnsafeBytes { try partial.add($0) { _ in "" } }
            return try partial.finish(
                body: body,
                position: Position(rawValue: 1),
                recorded: Timestamp(milliseconds: 1),
                resource: 0,
                derivedID: { "derived" }
            ).event
        } catch {
            return nil
        }
    }

    /// A resource's document.
    private static let document = FuzzTarget(name: "resource-document") { bytes in
        let record = try? ResourceRecord(
            document: bytes,
            key: ResourceKey(rawValue: 1),
            cloud: "c",
            type: "t",
            id: "i",
            position: Position(rawValue: 1),
            latest: Position(rawValue: 1)
        )
        guard let record else { return }
        let written = record.makeDocument()
        try demand(FormatTargets.json(written[...]) != nil, "a document written anew is no JSON")
    }
}
