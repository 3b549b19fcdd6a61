import Martlet
import MartletJSON
import MartletTransfer
import Testing

@testable import MartletEnrichers

@Suite struct CloudStackSigningTests {
    /// The example of CloudStack's developer documentation.
    private static let secretKey =
        "VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ"
    private static let signedText =
        "apikey=plgwjfzk4gys3momtvmjuvg-x-jlwlnfauj9gabbbf9edm-kaymmailqzzq1elzlyq_u38zcm0bewzgudp66mg"
        + "&command=listusers&response=json"

    @Test func `the documentation's example has the signature that stands there`() {
        let keys = CloudStackKeys(apiKey: "any", secretKey: Self.secretKey)
        #expect(keys.signature(of: Self.signedText) == "TTpdDq/7j/J58XCRHomKoQXEQds=")
    }

    @Test func `what is signed is sorted by name, encoded and in lower case`() {
        let text = CloudStackRequest.signedText(of: [
            "response": "json", "command": "listUsers",
            "apikey": "plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg",
        ])
        #expect(text == Self.signedText)
    }

    @Test(arguments: [
        ("a b", "a%20b"), ("a+b", "a%2bb"), ("*-_.", "*-_."), ("~", "%7e"), ("ü", "%c3%bc"), ("/=&:", "%2f%3d%26%3a"),
    ]) func `values are encoded as the server encodes them`(_ value: String, _ encoded: String) {
        #expect(CloudStackRequest.signedText(of: ["name": value]) == "name=\(encoded)")
    }

    @Test func `a request is posted, is good for ten minutes, and shows no key in its URL`() {
        let keys = CloudStackKeys(apiKey: "seeded-api-key", secretKey: "seeded-secret-key")
        let settings = CloudStackAPI.Settings(endpoint: "https://cloud.example/client/api", keys: keys)
        let now = Timestamp(nanoseconds: 1_767_225_600_999_999_999)
        let request = CloudStackRequest(settings: settings).make("listZones", ["id": "z 1"], now: now)
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(request.method == "POST")
        #expect(request.url == "https://cloud.example/client/api")
        #expect(
            body.hasPrefix(
                "apikey=seeded-api-key&command=listZones&expires=2026-01-01T00%3A10%3A00%2B0000&id=z%201"
                    + "&response=json&signatureversion=3&signature="
            )
        )
        #expect(!body.contains("seeded-secret-key"))
        #expect(!"\(keys) \(settings)".contains("seeded"))
        #expect(!String(reflecting: settings).contains("seeded"))
    }
}
