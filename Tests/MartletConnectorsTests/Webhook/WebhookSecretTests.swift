import MartletPipeline
import Testing

@testable import MartletConnectors

@Suite struct WebhookSecretTests {
    /// The vectors of Standard Webhooks 1.0.0.
    @Test(arguments: [
        (
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330,
            #"{"test": 2432232314}"#, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        ),
        (
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553,
            #"{"email":"test@example.com","username":"test_user"}"#, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
        ),
    ])
    func `a signature is the one of the specification's vectors`(
        secret: String,
        id: String,
        timestamp: Int64,
        body: String,
        signature: String
    ) throws {
        #expect(try WebhookSecret(secret).signature(id: id, timestamp: timestamp, body: Array(body.utf8)) == signature)
    }

    @Test(arguments: ["", "whsec_", "hunter2 hunter2", "whsec_c2hvcnQ=", "whsec_" + String(repeating: "A", count: 88)])
    func `a secret that is no base64 of 24 to 64 bytes is refused with the remedy and without the secret`(
        _ text: String
    ) throws {
        let error = try #require(throws: ComponentError.self) { _ = try WebhookSecret(text) }
        #expect(error.field == "secret")
        #expect(error.reason.contains("openssl rand -base64 32"))
        #expect(text.isEmpty || !error.reason.contains(text) || text == "whsec_")
    }
}
