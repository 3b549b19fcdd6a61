import Martlet
import MartletJSON
import Testing

@testable import MartletAMQP

@Suite struct BinaryCloudEventTests {
    @Test func `attributes become headers with their types, and data the body`() throws {
        let binary = try BinaryCloudEvent(
            structured: Array(
                #"{"specversion":"1.0","id":"1","source":"/é","type":"t","stale":true,"count":7,"data":{"a": [1]}}"#
                    .utf8
            )
        )
        #expect(
            binary.headers == [
                "cloudEvents:specversion": .string("1.0"), "cloudEvents:id": .string("1"),
                "cloudEvents:source": .string("/é"), "cloudEvents:type": .string("t"),
                "cloudEvents:stale": .boolean(true), "cloudEvents:count": .integer(7),
            ]
        )
        #expect(binary.contentType == "application/json")
        #expect(binary.body == Array(#"{"a": [1]}"#.utf8))
    }

    @Test(arguments: [
        (#""data":"a text","datacontenttype":"text/plain""#, "text/plain", "a text"),
        (
            #""data":"a text","datacontenttype":"application/json; charset=utf-8""#, "application/json; charset=utf-8",
            #""a text""#
        ),
        (#""data":"a text""#, "application/json", #""a text""#),
        (#""data":1,"datacontenttype":"text/plain""#, "text/plain", "1"),
        (#""data_base64":"YWJj","datacontenttype":"image/png""#, "image/png", "abc"),
        (#""id":"2""#, nil, ""),
    ])
    func `the body is as its content type says`(members: String, contentType: String?, body: String) throws {
        let binary = try BinaryCloudEvent(structured: Array("{\(members)}".utf8))
        #expect(binary.contentType == contentType)
        #expect(binary.body == Array(body.utf8))
    }
}
