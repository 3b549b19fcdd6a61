import Martlet
import MartletClouds
import MartletPipeline
import Testing

extension EventStoreConformance.Clause {
    /// Promise 2, and what the index answers.
    package static let index = [
        Self("index and log agree: the state that an event led to is there with it") { probe in
            try await probe.commit([StoreProbe.event("a", state: "Starting"), StoreProbe.event("b", state: "Running")])
            let records = try await probe.store.resources(type: "VirtualMachine", id: "vm-1", cloud: "prod")
            #expect(records.map(\.state) == ["Running"])
            #expect(records.map(\.latest) == [Position(rawValue: 2)])
            #expect(records.map(\.position) == [Position(rawValue: 2)])
            let changed = try await probe.log().map { $0.changes != nil }
            #expect(changed == [true, true])
        },
        Self("a record is read back with everything it had, and later events build on it") { probe in
            var facts = ResourceFacts()
            facts.name = "web-01"
            facts.ownerID = "owner"
            facts.isOwnerConfirmed = true
            facts.domainID = "domain"
            facts.state = "Running"
            facts.relations = [ResourceFacts.Relation(kind: "host", id: "host-7")]
            facts.details = Array(#"{"displayname":"Web server"}"#.utf8)[...]
            try await probe.commit([StoreProbe.event("a")], facts: facts)
            try await probe.commit([StoreProbe.event("b", state: "Stopped")])
            let record = try #require(
                try await probe.store.resources(type: "VirtualMachine", id: "vm-1", cloud: nil).first
            )
            #expect(record.name == "web-01")
            #expect(record.tenantID == "owner" && record.isOwnerConfirmed)
            #expect(record.domainID == "domain")
            #expect(record.state == "Stopped")
            #expect(record.relations == ["host": ["host-7"]])
            #expect(record.details.map { String(decoding: $0, as: UTF8.self) } == #"{"displayname":"Web server"}"#)
            #expect(record.updated == StoreProbe.start)
            #expect(record.publisher == "/clouds/prod/management-server")
        },
        Self("a resource is found in its cloud, or in every cloud that has it") { probe in
            try await probe.commit([StoreProbe.event(cloud: "prod"), StoreProbe.event(cloud: "test")])
            func clouds(_ cloud: String?, _ id: String = "vm-1") async throws -> [String] {
                try await probe.store.resources(type: "VirtualMachine", id: id, cloud: cloud).map(\.cloud)
            }
            #expect(try await clouds(nil) == ["prod", "test"])
            #expect(try await clouds("test") == ["test"])
            #expect(try await clouds("lab") == [])
            #expect(try await clouds(nil, "vm-2") == [])
        },
        Self("resources are found by their keys") { probe in
            try await probe.commit([StoreProbe.event(machine: "vm-1"), StoreProbe.event(machine: "vm-2")])
            let keys = try await [probe.key(of: "vm-1"), probe.key(of: "vm-2")]
            let records = try await probe.store.resources(withKeys: keys + [ResourceKey(rawValue: .max)])
            #expect(keys.map { records[$0]?.id } == ["vm-1", "vm-2"])
            #expect(records.count == 2)
        },
        Self("a time line holds the resource's events, newest first, page by page") { probe in
            for round in 0..<6 {
                try await probe.commit(
                    (["vm-1", "vm-2"] as [String]).map { StoreProbe.event("\(round)-\($0)", machine: $0) }
                )
            }
            let key = try await probe.key(of: "vm-1")
            func line(before: Int64?, limit: Int) async throws -> [Int64] {
                try await probe.store.timeline(of: key, before: before.map(Position.init(rawValue:)), limit: limit)
                    .map(\.position.rawValue)
            }
            #expect(try await line(before: nil, limit: 9) == [11, 9, 7, 5, 3, 1])
            #expect(try await line(before: nil, limit: 2) == [11, 9])
            #expect(try await line(before: 9, limit: 2) == [7, 5])
            #expect(try await line(before: 6, limit: 9) == [5, 3, 1])
            for before in [Int64.min, -1, 0, 1] { #expect(try await line(before: before, limit: 9) == []) }
            #expect(try await line(before: .max, limit: 9) == [11, 9, 7, 5, 3, 1])
        },
        Self("a time line is bounded in bytes, and has always one event") { probe in
            try await probe.commit((1...3).map { StoreProbe.event("\($0)", machine: "vm-1") })
            let key = try await probe.key(of: "vm-1")
            let size = try #require(try await probe.log().first).event.payload.original.count
            func line(before: Int64?, bytes: Int) async throws -> [Int64] {
                try await probe.store.timeline(
                    of: key,
                    before: before.map(Position.init(rawValue:)),
                    limit: 9,
                    maximumBytes: bytes
                ).map(\.position.rawValue)
            }
            #expect(try await line(before: nil, bytes: 0) == [3])
            #expect(try await line(before: nil, bytes: 2 * size) == [3, 2])
            #expect(try await line(before: 2, bytes: 0) == [1])
            #expect(try await line(before: 1, bytes: 0) == [])
        },
        Self("a stale event is kept, marked and counted, and changes nothing") { probe in
            try await probe.commit([StoreProbe.event("a", state: "Running")])
            let late = StoreProbe.event("b", state: "Stopped", time: StoreProbe.start + .seconds(-60))
                .with { $0.source = "/clouds/prod/other" }
            let result = try await probe.commit([late])
            #expect(result.receipts[0].stale == 1)
            #expect(try await probe.log().map { $0.event.fields.isStale } == [false, true])
            let record = try await probe.store.resources(type: "VirtualMachine", id: "vm-1", cloud: "prod").first
            #expect(record?.state == "Running")
            #expect(record?.latest == Position(rawValue: 2))
        },
        Self("a resource is found by its name, the beginning of a word, its id and its details") { probe in
            var facts = ResourceFacts()
            facts.name = "Billing-Database"
            facts.state = "Running"
            facts.details = Array(#"{"nic":{"ipaddress":"10.1.2.3"},"cpu":4}"#.utf8)[...]
            try await probe.commit([StoreProbe.event(machine: "0f4a2b6c-9d1e-4f3a-8b7c-5d6e7f8a9b0c")], facts: facts)
            try await probe.commit([StoreProbe.event(machine: "vm-2", state: "Stopped")])
            try await probe.catchUp()
            func found(_ text: String, state: String? = nil, type: String? = nil) async throws -> [String] {
                try await probe.store.searchResources(text, type: type, cloud: nil, state: state, limit: 10)
                    .resources.map(\.id)
            }
            let machine = ["0f4a2b6c-9d1e-4f3a-8b7c-5d6e7f8a9b0c"]
            #expect(try await found("billing-database") == machine)
            #expect(try await found("billing-data") == machine)
            #expect(try await found(machine[0]) == machine)
            #expect(try await found("10.1.2.3") == machine)
            #expect(try await found("billing-database", state: "Stopped") == [])
            #expect(try await found("billing-database", type: "Volume") == [])
            #expect(try await found("vm-2", state: "Stopped", type: "VirtualMachine") == ["vm-2"])
            #expect(try await found("nowhere") == [])
            let through = try await probe.store.searchResources("x", type: nil, cloud: nil, state: nil, limit: 1)
            #expect(through.indexedThrough == Position(rawValue: 2))
        },
        Self("the candidates of a search come stretch by stretch, by their keys, up to the end of the index") { probe in
            for number in 1...5 {
                var facts = ResourceFacts()
                facts.name = number == 3 ? "other" : "web \(number)"
                try await probe.commit([StoreProbe.event("\(number)", machine: "vm-\(number)")], facts: facts)
            }
            try await probe.catchUp()
            func candidates(_ text: String, span: Int, cloud: String? = nil) async throws -> [[String]] {
                var stretches: [[String]] = []
                var last: ResourceKey?
                while true {
                    let stretch = try await probe.store.resourceCandidates(
                        text,
                        type: "VirtualMachine",
                        cloud: cloud,
                        after: last,
                        span: span
                    )
                    stretches.append(stretch.records.map(\.id))
                    #expect(stretch.indexedThrough == Position(rawValue: 5))
                    guard let next = stretch.next else { return stretches }
                    last = next
                }
            }
            let all = try await candidates("web", span: 100)
            #expect(all.map { $0.sorted() } == [["vm-1", "vm-2", "vm-4", "vm-5"]])
            let stretches = try await candidates("web", span: 2)
            #expect(stretches.flatMap { $0 } == all[0])
            #expect(stretches.count == 3)
            #expect(
                try await candidates("nowhere", span: 2).count == stretches.count,
                "It is the index that is gone through."
            )
            #expect(try await candidates("web", span: 100, cloud: "none") == [[]])
        },
    ]
}
