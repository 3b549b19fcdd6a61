import Testing

@testable import MartletKafka

@Suite struct BinaryCloudEventTests {
    private func make(_ text: String) throws -> (headers: [String], body: String) {
        let event = try BinaryCloudEvent(structured: Array(text.utf8))
        return (event.headers.map { "\($0.name)=\($0.value)" }, String(decoding: event.body, as: UTF8.self))
    }

    @Test func `attributes of each type become headers as they are`() throws {
        let (headers, body) = try make(
            #"{"specversion":"1.0","id":"é \"x\"","count":7,"redacted":true,"gone":null,"data":{"a": 1}}"#
        )
        #expect(
            headers == [
                "ce_specversion=1.0", "ce_id=é \"x\"", "ce_count=7", "ce_redacted=true",
                "content-type=application/json",
            ]
        )
        #expect(body == #"{"a": 1}"#)
    }

    @Test(arguments: [
        (#"{"datacontenttype":"text/plain","data":"a\"b"}"#, "content-type=text/plain", #"a"b"#),
        (
            #"{"datacontenttype":"application/x+json; charset=utf-8","data":"a"}"#,
            "content-type=application/x+json; charset=utf-8", #""a""#
        ),
        (#"{"datacontenttype":"image/png","data_base64":"aGk="}"#, "content-type=image/png", "hi"),
    ])
    func `data goes as its type says`(_ text: String, _ header: String, _ data: String) throws {
        let (headers, body) = try make(text)
        #expect(headers == [header])
        #expect(body == data)
    }

    @Test func `an event without data has an empty value and no type`() throws {
        let (headers, body) = try make(#"{"id":"1"}"#)
        #expect(headers == ["ce_id=1"])
        #expect(body.isEmpty)
    }

    @Test func `what is no JSON is none`() {
        #expect(throws: (any Error).self) { try BinaryCloudEvent(structured: Array("hello".utf8)) }
    }
}
