import Testing

@testable import MartletKafka

@Suite struct LibraryTests {
    @Test func `the library's own listing is read`() {
        #expect(Library.properties.count > 150)
        #expect(Library.properties["bootstrap.servers"]?.name == "metadata.broker.list")
        #expect(Library.properties["acks"]?.name == "request.required.acks")
        #expect(Library.properties["acks"]?.scope == .producer)
        #expect(Library.properties["group.id"]?.scope == .consumer)
        #expect(Library.properties["debug"]?.scope == .both)
        #expect(Library.properties["sasl.kerberos.kinit.cmd"]?.scope == .both)
        #expect(Library.properties["dr_msg_cb"]?.isForProgramsOnly == true)
        #expect(Library.properties["enable.auto.commit"]?.name == "enable.auto.commit")
        #expect(Library.properties["Property"] == nil)
        #expect(Library.features.contains("ssl"))
    }

    @Test func `what Martlet sets is known to the library and taken by it`() {
        let own = [OwnProperties.consumer, OwnProperties.consumerDefaults, OwnProperties.producerDefaults]
        for (name, value) in own.flatMap({ $0 }) {
            #expect(Library.properties[name]?.name == name)
            #expect(Library.objection(to: value, of: name) == nil)
        }
        for name in OwnProperties.reserved.keys { #expect(Library.properties[name] != nil, "\(name)") }
    }
}
