import Martlet
import MartletTesting
import Testing

@testable import MartletStore

struct EventCodecTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `an event is decoded as it was encoded, whatever it holds`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let event = EventCodecTests.randomEvent(&generator)
            let changes: ArraySlice<UInt8>? = Bool.random(using: &generator) ? Array("{}".utf8)[...] : nil
            for isShared in [true, false] {
                let decoded = try EventCodecTests.roundTrip(event, changes: changes, isShared: isShared)
                #expect(decoded.event == event)
                #expect(decoded.changes == changes)
            }
        }
    }

    @Test(arguments: [
        ("9c3d1e42-0b1a-4c2d-8e3f-a1b2c3d4e5f6", 17), ("9c3d1e420b1a4c2d8e3fa1b2c3d4e5f6", 17),
        ("9C3D1E42-0B1A-4C2D-8E3F-A1B2C3D4E5F6", 38), ("9c3d1e42x0b1a-4c2d-8e3f-a1b2c3d4e5f6", 38), ("", 2), ("7", 3),
    ])
    func `a UUID in its usual form takes 16 bytes, everything else is kept to the letter`(
        _ text: String,
        _ size: Int
    ) throws {
        var writer = FieldWriter()
        writer.identifier(.tenantID, text)
        #expect(writer.bytes.count == size)
        try writer.bytes.withUnsafeBytes { bytes in
            var reader = FieldReader(bytes)
            let field = try reader.next()
            #expect(field?.text == text)
            let end = try reader.next()
            #expect(end?.text == nil)
        }
    }

    @Test(arguments: [0, 1, -1, 63, -64, 64, 1 << 40, .max, .min] as [Int64])
    func `a number of any size is read back`(_ number: Int64) throws {
        var writer = FieldWriter()
        writer.integer(.time, number)
        try writer.bytes.withUnsafeBytes { bytes in
            var reader = FieldReader(bytes)
            let field = try #require(try reader.next())
            let value = try field.integer()
            #expect(value == number)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `damaged attributes are refused or read, never read beyond`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var encoder = EventEncoder()
        for _ in 0..<200 {
            let event = EventCodecTests.randomEvent(&generator)
            var bytes = encoder.encodeAttributes(
                of: event.fields,
                id: event.id,
                changes: nil,
                isKindShared: false,
                publisher: nil
            )
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
            var partial = PartialEvent()
            do {
                try bytes.withUnsafeBytes { try partial.add($0) { _ in "" } }
            } catch {
                #expect(error is FieldReader.Malformed)
            }
        }
    }

    private static func roundTrip(
        _ event: Event,
        changes: ArraySlice<UInt8>?,
        isShared: Bool
    ) throws -> PartialEvent.StoredEventParts {
        var encoder = EventEncoder()
        encoder.encodeKind(of: event.fields)
        let attributes = encoder.encodeAttributes(
            of: event.fields,
            id: event.id,
            changes: changes,
            isKindShared: isShared,
            publisher: isShared ? 7 : nil
        )
        var partial = PartialEvent()
        if isShared {
            try encoder.kind.bytes.withUnsafeBytes { try partial.add($0) { _ in throw FieldReader.Malformed() } }
        }
        try attributes.withUnsafeBytes { bytes in
            try partial.add(bytes) { number in
                #expect(number == 7)
                var publisher = PartialEvent()
                try encoder.publisher.bytes.withUnsafeBytes { try publisher.add($0) { _ in "" } }
                return publisher.fields.source
            }
        }
        return try partial.finish(
            body: Array(event.payload.original),
            position: try #require(event.position),
            recorded: try #require(event.fields.recordedTime),
            resource: 0,
            derivedID: { "derived" }
        )
    }

    private static let texts = [
        "", "a", "Running", "9c3d1e42-0b1a-4c2d-8e3f-a1b2c3d4e5f6", "9c3d1e420b1a4c2d8e3fa1b2c3d4e5f6", "req-1",
        "a.b.c",
        "Größe 漢字 🪶", String(repeating: "long ", count: 100), "*",
    ]

    private static func randomEvent(_ generator: inout SeededGenerator) -> Event {
        func text() -> String { texts.randomElement(using: &generator) ?? "" }
        func optional() -> String? { Bool.random(using: &generator) ? text() : nil }
        let body = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        let range = body.count / 3..<body.count
        let content: [Payload.Content] = [.absent, .json(range), .base64(range), .binary]
        let resource = Bool.random(using: &generator) ? ResourceReference(type: text(), id: text()) : nil
        let topics = [
            Topic(source: "ms", category: "ActionEvent", type: "VM.START", resource: resource?.type, id: resource?.id),
            Topic(text: text()),
        ]
        var fields = Event.Fields(
            id: "id" + text(),
            source: text(),
            type: text(),
            cloud: text(),
            topic: topics.randomElement(using: &generator) ?? topics[0],
            payload: Payload(original: body[...], content: content.randomElement(using: &generator) ?? .absent)
        )
        fields.resource = resource
        fields.time =
            Bool.random(using: &generator) ? Timestamp(nanoseconds: .random(in: .min ... .max, using: &generator)) : nil
        fields.dataContentType = optional()
        fields.dataSchema = optional()
        fields.ownSubject = optional()
        fields.region = optional()
        fields.category = Category.allCases.randomElement(using: &generator) ?? .other
        fields.phase = Phase.allCases.randomElement(using: &generator)
        fields.outcome = Bool.random(using: &generator) ? .failure : nil
        fields.severity = Severity.allCases.randomElement(using: &generator)
        fields.routingKey = optional()
        fields.oldState = optional()
        fields.newState = optional()
        fields.operationID = optional()
        fields.tenantID = optional()
        fields.domainID = optional()
        fields.actorID = optional()
        fields.isStale = Bool.random(using: &generator)
        fields.isRedacted = Bool.random(using: &generator)
        fields.isReplay = Bool.random(using: &generator)
        fields.isImpossibleTransition = Bool.random(using: &generator)
        if Bool.random(using: &generator) {
            fields.extensions = [
                "a": .string(text()), "b": .integer(.random(in: .min ... .max, using: &generator)), "c": .boolean(true),
            ]
        }
        fields.position = Position(rawValue: .random(in: 1...1_000, using: &generator))
        fields.recordedTime = Timestamp(milliseconds: 1_769_773_115_123)
        return Event(fields: fields)
    }
}
