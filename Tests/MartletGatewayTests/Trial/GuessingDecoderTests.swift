import Martlet
import MartletPipeline
import Testing

@testable import MartletGateway

@Suite struct GuessingDecoderTests {
    @Test(arguments: [
        (#"{"event": "VM.START", "status": "Completed"}"#, "org.apache.cloudstack.VM.START"),
        (#"{"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}"#, "t"),
        (
            #"{"oslo.version": "2.0", "oslo.message": "{\"event_type\": \"port.create.end\"}"}"#,
            "org.openstack.port.create.end"
        ),
        (#"{"event_type": "port.create.end", "publisher_id": "network.h"}"#, "org.openstack.port.create.end"),
    ])
    func `a message is read as what it says that it is`(body: String, type: String) throws {
        let message = Message(bytes: Array(body.utf8)[...], json: nil)
        let event = try GuessingDecoder().decode(message, from: Origin(sourceName: "try")).0
        #expect(event.type == type)
    }
}
