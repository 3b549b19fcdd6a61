import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import Testing

@testable import MartletCommands

/// The day as a source would read it, message by message.
private struct ReadDay {
    var events: [(message: DemoMessage, event: Event)] = []
    var unreadable: [DemoMessage] = []
    /// Events that contradict their machine, or what an index knew.
    var impossible: [Event] = []
    /// The index at the end of the day.
    var records: [ResourceReference: ResourceRecord] = [:]

    init(_ day: DemoDay) {
        let indexer = ResourceIndexer()
        for message in day {
            let bytes = message.body[...]
            let json = try? JSONDocument(parsing: bytes).root
            let read = Message(bytes: bytes, json: json, routingKey: message.topic)
            guard
                let (event, facts) = try? CloudStackDecoder().decode(read, from: Origin(sourceName: "cloudstack"))
            else {
                unreadable.append(message)
                continue
            }
            let placed = event.with { $0.position = Position(rawValue: Int64(events.count + 1)) }
            events.append((message, placed))
            var isImpossible = placed.fields.isImpossibleTransition
            if let resource = placed.resource {
                var record =
                    records[resource]
                    ?? ResourceRecord(
                        key: ResourceKey(rawValue: Int64(records.count)),
                        cloud: placed.cloud,
                        type: resource.type,
                        id: resource.id,
                        publisher: placed.source
                    )
                let effect = indexer.apply(placed, facts: facts, at: Timestamp(seconds: 0), to: &record)
                isImpossible = isImpossible || effect.isImpossibleTransition
                records[resource] = record
            }
            if isImpossible { impossible.append(placed) }
        }
    }

    func record(named name: String) -> ResourceRecord? { records.values.first { $0.name == name } }
}

@Suite struct DemoDayTests {
    private static let start = Timestamp("2026-01-30T00:00:00+05:30")!
    private let day = DemoDay(seed: 7, start: start)

    @Test func `a seed makes the same day each time`() {
        #expect(day.messages == DemoDay(seed: 7, start: Self.start).messages)
        #expect(day.messages != DemoDay(seed: 8, start: Self.start).messages)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a day lasts a day and is in order`(seed: UInt64) throws {
        let messages = DemoDay(seed: seed, start: Self.start).messages
        #expect((800...1_500).contains(messages.count), "\(messages.count)")
        #expect(messages.map(\.offset) == messages.map(\.offset).sorted())
        #expect(try #require(messages.last).offset > .seconds(23 * 3_600))
        #expect(try #require(messages.last).offset < .seconds(24 * 3_600))
    }

    @Test func `the three events of CloudStack's documentation come first`() throws {
        let read = ReadDay(day)
        let first = read.events.prefix(3)
        #expect(first.allSatisfy { $0.message.topic == nil })
        #expect(
            first.map(\.event.type)
                == ["ACCOUNT.CREATE", "USER.CREATE", "USER.CREATE"].map { "org.apache.cloudstack.\($0)" }
        )
        #expect(first.first?.event.time == Timestamp("2017-07-23T07:09:08Z"))
        #expect(first.first?.event.resource?.id == "54d5f55c-5311-48db-bbb8-c44c5175cb2a")
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `all bodies but the one that is cut off can be read`(seed: UInt64) throws {
        let read = ReadDay(DemoDay(seed: seed, start: Self.start))
        #expect(read.unreadable.count == 1)
        let cut = try #require(read.unreadable.first)
        #expect(cut.topic == nil)
        // The message before it has no key either, so that both go to a server together.
        let all = DemoDay(seed: seed, start: Self.start).messages
        let index = try #require(all.firstIndex(of: cut))
        #expect(all[index - 1].topic == nil)
        #expect(all[index - 1].offset == cut.offset)
    }

    @Test func `category and resource are those of the routing key`() throws {
        let types = [
            "com-cloud-vm-VirtualMachine": "VirtualMachine", "com-cloud-storage-Volume": "Volume",
            "com-cloud-storage-Snapshot": "Snapshot", "com-cloud-network-IpAddress": "IpAddress",
        ]
        for (message, event) in ReadDay(day).events {
            guard let topic = message.topic else { continue }
            let words = topic.split(separator: ".")
            try #require(words.count == 5, "\(topic)")
            guard words[1] != "NONE" else {
                #expect(event.category == .other)
                continue
            }
            #expect(event.category.topicWord == words[1], "\(topic)")
            if words[4] == "*" {
                #expect(event.resource == nil, "\(topic)")
            } else {
                let type = types[String(words[3])] ?? String(words[3])
                #expect(event.resource == ResourceReference(type: type, id: String(words[4])), "\(topic)")
            }
        }
    }

    @Test func `every category of CloudStack's is there`() {
        let categories = Set(ReadDay(day).events.map(\.event.category))
        #expect(categories == [.action, .usage, .alert, .state, .job, .other])
    }

    @Test(arguments: [
        ["eventDateTime", "status", "description", "event", "user", "account", "entity", "entityuuid"],
        ["account", "zone", "event", "resource", "id", "eventDateTime"],
        ["event", "dataCenterId", "podId", "subject", "body", "eventDateTime"],
        ["resource", "id", "old-state", "new-state", "eventDateTime"],
        ["command", "user", "account", "processStatus", "jobId", "cmdInfo", "status", "jobResult", "accountname"],
        ["details", "event", "status"],
    ])
    func `every shape of CloudStack's is there`(members: [String]) throws {
        let found = day.messages.contains { message in
            guard let body = try? JSONDocument(parsing: message.body[...]).root else { return false }
            return members.allSatisfy { body[$0] != nil }
        }
        #expect(found)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `only what follows the lost messages is an impossible transition`(seed: UInt64) throws {
        let read = ReadDay(DemoDay(seed: seed, start: Self.start))
        #expect(read.impossible.count == 1)
        let event = try #require(read.impossible.first)
        #expect(event.fields.oldState == "Stopped")
        #expect(event.fields.newState == "Starting")
        #expect(event.fields.phase == .completed)
    }

    @Test func `every transition is made by an event that CloudStack has for it`() throws {
        for (message, event) in ReadDay(day).events where event.category == .state {
            let words = try #require(message.topic).split(separator: ".")
            let type = try #require(event.resource?.type)
            let old = try #require(event.fields.oldState)
            let new = try #require(event.fields.newState)
            let machine = try #require(StateMachine.cloudStack(for: type))
            #expect(machine.events(from: old, to: new).contains(String(words[2])), "\(message.topic ?? "")")
        }
    }

    @Test func `one job holds a session key, which is cut from both of its events`() throws {
        let redacted = ReadDay(day).events.filter { $0.event.fields.isRedacted }
        #expect(redacted.map(\.event.fields.phase) == [.scheduled, .completed])
        #expect(Set(redacted.map(\.event.fields.operationID)).count == 1)
        for (message, event) in redacted {
            #expect(String(decoding: message.body, as: UTF8.self).contains("sessionkey"))
            #expect(!String(decoding: event.payload.original, as: UTF8.self).contains("sessionkey"))
        }
    }

    @Test func `an event type that nobody has heard of passes`() throws {
        let events = ReadDay(day).events.map(\.event).filter {
            $0.type == "org.apache.cloudstack.TAPE.CARTRIDGE.EXPORT"
        }
        #expect(events.count == 2)
        #expect(!EventCatalogue.cloudStack.contains("TAPE.CARTRIDGE.EXPORT"))
        #expect(events.allSatisfy { $0.resource?.type == "TapeCartridge" })
    }

    @Test func `all other action and usage types are CloudStack's own`() {
        for (_, event) in ReadDay(day).events where [.action, .usage].contains(event.category) {
            let name = String(event.type.dropFirst("org.apache.cloudstack.".count))
            #expect(EventCatalogue.cloudStack.contains(name) || name == "TAPE.CARTRIDGE.EXPORT", "\(name)")
        }
    }

    @Test func `a failed start and a failed deployment are failures`() {
        let failures = ReadDay(day).events.map(\.event).filter { $0.fields.outcome == .failure }
        let kinds = failures.map { "\($0.category) \($0.type.dropFirst("org.apache.cloudstack.".count))" }
        #expect(Set(kinds) == ["action VM.START", "action VM.CREATE", "job complete"])
    }

    @Test func `a dead host is reported twice in the same words`() throws {
        let alerts = ReadDay(day).events.filter { $0.event.type.hasSuffix("ALERT.COMPUTE.HOST") }
        try #require(alerts.count == 2)
        let subjects = try alerts.map { try JSONDocument(parsing: $0.message.body[...]).root["subject"]?.string }
        #expect(subjects[0] == subjects[1])
    }

    @Test func `the index knows the machines at the end of the day`() throws {
        let read = ReadDay(day)
        let database = try #require(read.record(named: "acme-db01"))
        #expect(database.state == "Running")
        #expect(database.isOwnerConfirmed)
        #expect(database.relations["network"]?.count == 1)
        #expect(read.record(named: "acme-cache01")?.deleted == nil)
        #expect(read.record(named: "globex-build01")?.deleted != nil)
        #expect(read.record(named: "initech-web01")?.state == "Stopped")
        let volume = try #require(read.record(named: "acme-data"))
        #expect(volume.state == "Ready")
    }

    @Test(arguments: [(330, "+0530"), (120, "+0200"), (-210, "-0330"), (0, "+0000")])
    func `times are written in the zone of the cloud`(minutes: Int, zone: String) {
        let clock = DayClock(start: Timestamp("2026-01-30T22:15:00Z")!, minutesEastOfUTC: minutes)
        let text = clock.text(.seconds(90))
        #expect(text.hasSuffix(" " + zone))
        #expect(Timestamp(text) == Timestamp("2026-01-30T22:16:30Z"))
    }

    @Test func `midnight is the cloud's own`() {
        let midnight = DayClock.midnight(before: Timestamp("2026-01-30T19:00:00Z")!, minutesEastOfUTC: 330)
        #expect(midnight == Timestamp("2026-01-31T00:00:00+05:30"))
    }
}
