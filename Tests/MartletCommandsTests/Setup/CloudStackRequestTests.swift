import Testing

@testable import MartletCommands

struct CloudStackRequestTests {
    @Test func `the signature is that of CloudStack's developer's guide`() {
        let fields = [
            "apiKey=plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg",
            "command=listUsers",
            "response=json",
        ]
        let secret = "VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ"
        #expect(CloudStackRequest.signature(of: fields, secretKey: secret) == "TTpdDq/7j/J58XCRHomKoQXEQds=")
    }

    @Test func `a form has its fields in order, its signature last, and no secret key`() {
        let request = CloudStackRequest(command: "listUsers", parameters: ["name": "a b~", "zone": "ü"])
        let form = String(decoding: request.form(CloudStackKeys(apiKey: "Key", secretKey: "Secret")), as: UTF8.self)
        #expect(form.hasPrefix("apikey=Key&command=listUsers&name=a%20b%7E&response=json&zone=%C3%BC&signature="))
        #expect(!form.contains("Secret"))
        #expect(!form.dropFirst(form.count - 34).contains("/"))
    }

    @Test(arguments: [
        ("abc-XYZ_0.9*", "abc-XYZ_0.9*"), (" ", "%20"), ("+", "%2B"), ("~", "%7E"), ("a=b&c", "a%3Db%26c"),
        ("/", "%2F"),
        ("日", "%E6%97%A5"), ("", ""),
    ])
    func `values are encoded as Java encodes them`(text: String, encoded: String) {
        #expect(text.encodedAsByJava == encoded)
    }

    @Test(arguments: [
        (#"{"registersshkeypairresponse":{"uuidList":[],"errorcode":431,"errortext":"Public key is invalid"}}"#, 431),
        (#"{"errorresponse":{"errorcode":401,"errortext":"unable to verify user credentials"}}"#, 401),
    ])
    func `an error is CloudStack's own code`(body: String, code: Int) {
        guard case .refused(code, let text) = ManagementServer.answer(Array(body.utf8), status: code) else {
            Issue.record("not refused with \(code)")
            return
        }
        #expect(!text.isEmpty)
    }

    @Test func `everything else is CloudStack's success, or not CloudStack`() {
        func answer(_ body: String, _ status: Int) -> ManagementServer.Answer {
            ManagementServer.answer(Array(body.utf8), status: status)
        }
        #expect(answer(#"{"registersshkeypairresponse":{"keypair":{}}}"#, 200) == .done)
        #expect(answer("<html>", 200) == .foreign(status: 200))
        #expect(answer("", 503) == .foreign(status: 503))
        #expect(answer("{}", 200) == .foreign(status: 200))
        #expect(answer("[1]", 404) == .foreign(status: 404))
    }

    @Test(arguments: [
        (
            #"{"event":"REGISTER.SSH.KEYPAIR","status":"Completed","description":"Error while registering ssh keypair"}"#,
            true
        ),
        (#"{"event":"REGISTER.SSH.KEYPAIR","status":"Completed","description":"Successfully completed"}"#, false),
        (#"{"event":"REGISTER.SSH.KEYPAIR","status":"Started","description":"Error while"}"#, false),
        (#"{"event":"VM.START","status":"Completed","description":"Error while starting"}"#, false),
        ("nonsense", false),
        ("[]", false), ("", false),
    ])
    func `the event of a probe is known among others`(body: String, isIt: Bool) {
        #expect(ProbeEvent.matches(Array(body.utf8)) == isIt)
    }
}
