import MartletGateway
import Testing

struct TextRedactionTests {
    @Test(
        arguments: [
            ("connect amqp://martlet:hunter2@mq1:5672/ failed", "connect amqp://(secret)@mq1:5672/ failed"),
            ("rabbit://u:hunter2@h1:5672,u:hunter2@h2/v", "rabbit://(secret)@h1:5672,(secret)@h2/v"),
            ("amqp://u:hun/ter2@h1:5672/", "amqp://(secret)@h1:5672/"),
            ("amqp://u:hunter2\"x@h1/", "amqp://u:(secret)"),
            (#"{"password":"hunter2","user":"u"}"#, #"{"password":(secret),"user":"u"}"#),
            (#"{"a":"{\"password\":\"hun ter2\",\"b\":1}"}"#, #"{"a":"{\"password\":(secret)\",\"b\":1}"}"#),
            ("sasl.jaas.config=org.X required username=\"u\" password=\"hun ter2\";", nil),
            ("Authorization: Basic dXNlcjpodW50ZXIy, x", "Authorization: (secret)"),
            ("curl -H 'Bearer hunter2hunter2'", "curl -H 'Bearer (secret)'"),
            (
                "GET /client/api?apiKey=hunter2&command=x&signature=hunter2%3D",
                "GET /client/api?apiKey=(secret)&command=x&signature=(secret)"
            ),
            ("ssl.key.password: hunter2", "ssl.key.password: (secret)"),
            ("MARTLET_TOKEN=hunter2", "MARTLET_TOKEN=(secret)"),
            ("got martlet_Hunter2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "got (secret)"),
            ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2", "jwt (secret)"),
            ("Cookie: session=hunter2; other=hunter2", "Cookie: (secret)"),
            ("key -----BEGIN RSA PRIVATE KEY----- hunter2", "key (secret)"),
        ] as [(String, String?)]
    )
    func `what looks like a secret is cut`(text: String, expected: String?) {
        let redacted = TextRedaction.redact(text)
        #expect(!redacted.contains("hunter2") && !redacted.contains("hun ter2") && !redacted.contains("ter2"))
        if let expected { #expect(redacted == expected) }
    }

    @Test func `a key over several lines is cut to its end`() {
        let text = """
            before
            -----BEGIN PRIVATE KEY-----
            hunter2
            -----END PRIVATE KEY-----
            after
            """
        #expect(TextRedaction.redact(text) == "before\n(secret)\nafter")
    }

    @Test(arguments: [
        "martlet_source_last_received_timestamp_seconds{source=\"prod\"} 1.7e9",
        "martlet_forwarder_committed_events_total_of_all_forwarders_together 3",
        "2026-01-30T11:00:00+0000 info martlet: [HummingbirdCore] Server started and listening on 127.0.0.1:8585",
        "see https://docs.example/a/b?page=3 and amqp://[::1]:5672/ or kafka://k1:9092,k2:9092/cs",
        "the body is not JSON: line 1, column 3", "listening on http://127.0.0.1:8585\n\nmore",
    ])
    func `what is no secret stays as it is`(text: String) {
        #expect(TextRedaction.redact(text) == text)
    }
}
