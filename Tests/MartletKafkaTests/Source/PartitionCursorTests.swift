import Testing

@testable import MartletKafka

@Suite struct PartitionCursorTests {
    private static let partition = KafkaPartition(topic: "cs", number: 0)

    private static func record(_ offset: Int64, _ text: String = "") -> KafkaRecord {
        KafkaRecord(
            partition: partition,
            offset: offset,
            timestamp: offset * 10,
            value: Array("\(offset)\(text)".utf8)[...]
        )
    }

    /// A cursor of which the store knows that offset 9 was read last.
    private static func resumed() -> PartitionCursor {
        PartitionCursor(at: KafkaPlace(generation: 1, next: 10, fingerprint: Fingerprint(of: record(9))))
    }

    @Test func `a partition without a place begins at the oldest record and counts from there`() {
        var cursor = PartitionCursor(startingAt: nil)
        #expect(cursor.start == .beginning)
        #expect(cursor.place == nil)
        #expect(cursor.judge(Self.record(5)) == .take)
        cursor.hasTaken(Self.record(5))
        #expect(cursor.judge(Self.record(5)) == .pass)
        #expect(cursor.judge(Self.record(8)) == .take)
        #expect(cursor.place == KafkaPlace(generation: 1, next: 9, fingerprint: Fingerprint(of: Self.record(5))))
    }

    @Test func `a place is taken up one record before, which is passed where it is the same`() {
        var cursor = Self.resumed()
        #expect(cursor.start == .at(9))
        #expect(cursor.awaitsProof)
        #expect(cursor.judge(Self.record(8)) == .pass)
        #expect(cursor.judge(Self.record(9)) == .pass)
        #expect(!cursor.awaitsProof)
        #expect(cursor.start == .at(10))
        #expect(cursor.judge(Self.record(10)) == .take)
    }

    @Test func `another record at that offset is another topic, read from its beginning`() {
        var cursor = Self.resumed()
        #expect(cursor.judge(Self.record(9, "other")) == .stranger)
        #expect(cursor.judge(Self.record(10)) == .pass)
        #expect(cursor.jump(within: 0..<20) == .recreated(next: 10, now: 0..<20))
        #expect(cursor.start == .at(0))
        #expect(cursor.place == KafkaPlace(generation: 2, next: 0, fingerprint: nil))
        cursor.goOn()
        #expect(cursor.judge(Self.record(0)) == .take)
    }

    @Test func `what still comes from where a partition was is not taken for what is behind its new place`() {
        var cursor = Self.resumed()
        #expect(cursor.judge(Self.record(9, "other")) == .stranger)
        #expect(cursor.jump(within: 0..<20) == .recreated(next: 10, now: 0..<20))
        #expect(cursor.judge(Self.record(10)) == .pass)
        #expect(cursor.place?.next == 0)
        cursor.goOn()
        #expect(cursor.judge(Self.record(0)) == .take)
    }

    @Test func `a record that was removed proves nothing, and nothing is missing`() {
        var cursor = Self.resumed()
        #expect(cursor.judge(Self.record(12)) == .take)
        #expect(cursor.generation == 1)

        var halted = Self.resumed()
        halted.halt()
        #expect(halted.jump(within: 10..<20) == .unverified)
        #expect(halted.start == .at(10))
        halted.goOn()
        #expect(halted.judge(Self.record(10)) == .take)
    }

    @Test func `a topic that was made anew and has grown past the place is found out by the record before`() {
        var cursor = Self.resumed()
        #expect(cursor.judge(Self.record(9)) == .pass)
        #expect(cursor.judge(Self.record(10)) == .take)
        cursor.hasTaken(Self.record(10))
        // Out of range for a moment, and no more when its bounds were asked for.
        cursor.halt()
        #expect(cursor.jump(within: 0..<30) == .unverified)
        #expect(cursor.start == .at(10))
        cursor.goOn()
        #expect(cursor.judge(Self.record(10, "other")) == .stranger)
        #expect(cursor.jump(within: 0..<30) == .recreated(next: 11, now: 0..<30))
    }

    @Test func `a record that is gone from between its neighbours is looked for once more, and not for ever`() {
        var cursor = Self.resumed()
        cursor.halt()
        #expect(cursor.jump(within: 0..<10) == .unverified)
        #expect(cursor.start == .at(9))
        cursor.goOn()
        // The end came, and nothing before it.
        #expect(cursor.awaitsProof)
        cursor.halt()
        #expect(cursor.jump(within: 0..<10) == .unverified)
        #expect(cursor.start == .at(10))
        cursor.goOn()
        #expect(!cursor.awaitsProof)
        #expect(cursor.judge(Self.record(10)) == .take)
    }

    @Test func `what retention took before it was read is a jump with its range`() {
        var cursor = Self.resumed()
        cursor.halt()
        #expect(cursor.judge(Self.record(30)) == .pass)
        #expect(cursor.jump(within: 30..<40) == .overtaken(10..<30))
        #expect(cursor.place == KafkaPlace(generation: 1, next: 30, fingerprint: nil))
    }

    @Test func `a topic that ends before the place was made anew or cut`() {
        var cursor = Self.resumed()
        cursor.halt()
        #expect(cursor.jump(within: 0..<9) == .recreated(next: 10, now: 0..<9))
        #expect(cursor.generation == 2)
        #expect(cursor.start == .at(0))
    }

    @Test func `a place without a record before it is not verified`() {
        let cursor = PartitionCursor(at: KafkaPlace(generation: 3, next: 7, fingerprint: nil))
        #expect(cursor.start == .at(7))
        #expect(!cursor.awaitsProof)
        #expect(PartitionCursor(startingAt: 4).start == .at(4))
    }

    @Test func `a place is written and read back`() {
        let fingerprint = Fingerprint(of: Self.record(1))
        for place in [
            KafkaPlace(generation: 1, next: 0, fingerprint: nil),
            KafkaPlace(generation: 7, next: 1 << 40, fingerprint: fingerprint),
        ] {
            #expect(KafkaPlace("\(place)") == place)
        }
        for text in ["", "1", "x 1", "1 -2", "1 2 3", "1 2 g@1", "1 2 3@4 5", "1  2"] {
            #expect(KafkaPlace(text) == nil)
        }
    }

    @Test func `fingerprints tell time, key and value apart`() {
        func fingerprint(_ time: Int64, _ key: String?, _ value: String?) -> Fingerprint {
            Fingerprint(
                of: KafkaRecord(
                    partition: Self.partition,
                    offset: 0,
                    timestamp: time,
                    key: key.map { Array($0.utf8)[...] },
                    value: value.map { Array($0.utf8)[...] }
                )
            )
        }
        let all = [
            fingerprint(1, "a", "b"), fingerprint(2, "a", "b"), fingerprint(1, "ab", ""), fingerprint(1, nil, "ab"),
            fingerprint(1, nil, nil),
        ]
        #expect(Set(all).count == all.count)
        for one in all { #expect(Fingerprint("\(one)") == one) }
    }
}
