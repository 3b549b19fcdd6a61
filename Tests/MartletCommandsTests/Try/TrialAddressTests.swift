import MartletGateway
import Testing

struct TrialAddressTests {
    @Test(
        arguments: [
            ("amqp://mq1", "amqp://mq1:5672/", nil, nil, "/"),
            ("amqp://mq1/", "amqp://mq1:5672/", nil, nil, "/"),
            ("AMQPS://mq1/%2F", "amqps://mq1:5671/", nil, nil, "/"),
            ("amqp://martlet@mq1:5673/cloud", "amqp://mq1:5673/cloud", "martlet", nil, "cloud"),
            ("amqp://u%40x:p%2Fw%40@[::1]:5672/a%2Fb", "amqp://[::1]:5672/a/b", "u@x", "p/w@", "a/b"),
            ("amqp://u:a:b@mq1,mq2:5673", "amqp://mq1:5672,mq2:5673/", "u", "a:b", "/"),
            ("amqp://:only@mq1", "amqp://mq1:5672/", nil, "only", "/"),
            ("kafka://k1/cs", "kafka://k1:9092/cs", nil, nil, "cs"),
            ("kafka://k1:9092,k2:9093/cs,other", "kafka://k1:9092,k2:9093/cs,other", nil, nil, "cs,other"),
            ("kafkas://u:p@k1/^cs.*", "kafkas://k1:9093/^cs.*", "u", "p", "^cs.*"),
        ] as [(String, String, String?, String?, String)]
    )
    func `an address is read, and its place tells no credentials`(
        text: String,
        place: String,
        user: String?,
        password: String?,
        path: String
    ) throws {
        let address = try TrialAddress(text)
        #expect(address.place == place)
        #expect(address.username == user)
        #expect(address.password == password)
        #expect(address.path == path)
    }

    @Test func `what follows the question mark is kept in its order`() throws {
        let address = try TrialAddress("amqp://mq1/?exchange=a&exchange=b%20c&binding=%23&flag")
        #expect(address.values(of: "exchange") == ["a", "b c"])
        #expect(address.values(of: "binding") == ["#"])
        #expect(address.values(of: "flag") == [""])
    }

    @Test(arguments: [
        "", "mq1", "http://mq1/", "amqp://", "amqp://u:hunter2@", "kafka://k1", "kafka://k1:9092/", "amqp://mq1:0/",
        "amqp://mq1:hunter2/", "amqp://u:hunter2/x@mq1/", "amqp://u:hunter2@mq1:port/", "amqp://u:hunter2%@mq1/",
        "amqp://u:hunter2%zz@mq1/", "amqp://u:%FFhunter2@mq1/", "amqp://u:hunter2?x@mq1", "amqp://u:hunter2#x@mq1",
    ])
    func `a wrong address is refused with the remedy, and never quoted`(text: String) {
        let error = #expect(throws: TrialAddressError.self) { try TrialAddress(text) }
        #expect(error?.description.contains("hunter2") == false)
        #expect(
            error?.description.contains("://") == true || error?.description.contains("HOST") == true
                || error?.description.contains("%25") == true
        )
    }
}
