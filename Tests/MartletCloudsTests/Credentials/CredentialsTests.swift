import Martlet
import MartletClouds
import MartletJSON
import Testing

@Suite struct CredentialsTests {
    static func cut(_ body: String) -> String? { text(Credentials.cut(from: Array(body.utf8)[...])) }

    @Test(arguments: [
        (#"{"password":"x"}"#, #"{}"#),
        (#"{"password":"x","a":1}"#, #"{"a":1}"#),
        (#"{"a":1,"password":"x"}"#, #"{"a":1}"#),
        (#"{"a":1,"password":"x","b":2}"#, #"{"a":1,"b":2}"#),
        (#"{"token":"x","secret":"y","a":1}"#, #"{"a":1}"#),
        (#"{"a":1,"token":"x","secret":"y"}"#, #"{"a":1}"#),
        (#"{"token":"x","a":1,"secret":"y","b":2,"apikey":"z"}"#, #"{"a":1,"b":2}"#),
        (#"{"token":"x","secret":"y"}"#, #"{}"#),
        (#"{ "a" : 1 , "password" : "x" , "b" : 2 }"#, #"{ "a" : 1 , "b" : 2 }"#),
        (#"[{"password":"x"},{"a":{"password":null,"b":[{"token":{"id":1}}]}}]"#, #"[{},{"a":{"b":[{}]}}]"#),
        (#"{"a":{"token":1},"secret":2}"#, #"{"a":{}}"#),
    ])
    func `a credential's member is cut with its comma`(body: String, rest: String) throws {
        #expect(CredentialsTests.cut(body) == rest)
        _ = try JSONDocument(parsing: Array(rest.utf8)[...])
    }

    @Test(arguments: [
        "sessionkey", "session", "JSESSIONID", "signature", "apiKey", "secretKey", "password", "Passwd", "token",
        "access_token", "auth-token", "X-Auth-Token", "_context_auth_token", "Authorization", "accessKey",
        "private_key",
        "sshPrivateKey", "secret", "client_secret", "serviceCatalog", "_context_service_catalog", "admin_pass",
        "SESSION_KEY",
    ])
    func `names are found in any case, with hyphens and underscores`(name: String) {
        #expect(CredentialsTests.cut(#"{"\#(name)":"x","a":1}"#) == #"{"a":1}"#)
        #expect(CredentialsTests.cut(#"{"a":"{\"\#(name)\":\"x\",\"b\":1}"}"#) == #"{"a":"{\"b\":1}"}"#)
        #expect(CredentialsTests.cut(#"{"a":"?\#(name)=x&b=1"}"#) == #"{"a":"?\#(name)=&b=1"}"#)
    }

    @Test(arguments: [
        (
            #"{"cmdInfo":"{\"id\": \"1\", \"sessionkey\": \"LIVE\", \"x\": \"2\"}"}"#,
            #"{"cmdInfo":"{\"id\": \"1\", \"x\": \"2\"}"}"#
        ),
        // Three times nested, the inner escapes unchanged.
        (
            #"{"a":"{\"b\":\"{\\\"password\\\":\\\"p\\\",\\\"c\\\":\\\"\\\\u003d\\\"}\"}"}"#,
            #"{"a":"{\"b\":\"{\\\"c\\\":\\\"\\\\u003d\\\"}\"}"}"#
        ),
        (
            #"{"jobResult":"org.apache.UserVmResponse/virtualmachine/{\"id\":\"1\",\"password\":\"p\"}","k":"\u00e9"}"#,
            #"{"jobResult":"org.apache.UserVmResponse/virtualmachine/{\"id\":\"1\"}","k":"\u00e9"}"#
        ),
        (#"{"a":"[{\"token\":\"t\"},\"é\\n\"]"}"#, #"{"a":"[{},\"é\\n\"]"}"#),
        (#"{"a":"\u007b\u0022password\u0022:1,\u0022é\u0022:2}"}"#, #"{"a":"\u007b\u0022é\u0022:2}"}"#),
        (#"{"a":"{\"\ud83d\ude00\":1,\"token\":2}"}"#, #"{"a":"{\"\ud83d\ude00\":1}"}"#),
        (#"{"pass\u0077ord":"x","a":1}"#, #"{"a":1}"#),
        (#"{"a":"{\n\"password\"\n:\n1}"}"#, #"{"a":"{\n}"}"#),
    ])
    func `JSON nested in strings is searched, and escapes stay as they are`(body: String, rest: String) {
        #expect(CredentialsTests.cut(body) == rest)
    }

    @Test(
        arguments: [
            ("https://u:p@h/x?y=1", "https://u:@h/x?y=1"), (#"https:\/\/u:p@h\/"#, #"https:\/\/u:@h\/"#),
            ("swift+https://u:p@ss:w@h:80/a@b:c", "swift+https://u:@h:80/a@b:c"),
            ("rabbit://a:p,1@h1:5672,b:p2@h2,h3/v", "rabbit://a:@h1:5672,b:@h2,h3/v"),
            ("see ftp://u:p@h, please", "see ftp://u:@h, please"),
            (#"{\"u\":\"https://u:p@h/\"}"#, #"{\"u\":\"https://u:@h/\"}"#),
            (#"https:\u002f\u002fu:p\u0040h/"#, #"https:\u002f\u002fu:\u0040h/"#),
            (#"https://u:p\"q@h/"#, nil), ("https://u@h/", nil), ("https://h:80/?a@b", nil), ("https://h/a:b@c", nil),
            ("a://:@", nil),
            ("a: //u:p@h", nil),
        ] as [(String, String?)]
    )
    func `the password of an address is cut, and nothing else of it`(text: String, rest: String?) {
        #expect(CredentialsTests.cut(#"{"a":"\#(text)"}"#) == rest.map { #"{"a":"\#($0)"}"# })
    }

    @Test(arguments: [
        (
            #"GET /client/api?command=login&password=p%40&apikey=K-1&x=1"#,
            #"GET /client/api?command=login&password=&apikey=&x=1"#
        ),
        (#"signature\u003dabc=\u0026response\u003djson"#, #"signature\u003d\u0026response\u003djson"#),
        (#"x=1\u0026sessionkey\u003dLIVE"#, #"x=1\u0026sessionkey\u003d"#),
        (#"first\npassword=p\nlast"#, #"first\npassword=\nlast"#),
        (#"JSESSIONID=ABC; Path=/client"#, #"JSESSIONID=; Path=/client"#),
        (#"Authorization=Bearer abc.def rest"#, #"Authorization= rest"#),
        (#"password=\"two words\" rest"#, #"password= rest"#),
        (#"cut off: {\"a\": 1, \"password\": \"two words\", \"b\": "#, #"cut off: {\"a\": 1, \"password\": , \"b\": "#),
        (#"{'token': 'abc', 'b': 1}"#, #"{'token': , 'b': 1}"#),
        (#"cut off {\"token\": {\"id\": \"abc\""#, #"cut off {\"token\": "#),
    ])
    func `values in text are cut`(content: String, rest: String) {
        #expect(CredentialsTests.cut(#"{"description":"\#(content)"}"#) == #"{"description":"\#(rest)"}"#)
    }

    @Test(arguments: [
        #"{"passwordenabled":true,"tokens":1,"secretary":"x","keypair":"k"}"#,
        #"{"description":"Invalid password: try again, token : none"}"#,
        #"{"description":"mypassword=x, passwordless=y"}"#,
        #"{"event":"VM.RESETPASSWORD","name":"password","value":"token"}"#,
        #"{"description":"password="}"#,
        #"{"a":"\u0041\u0042","b":"\\u003d"}"#,
        "{}",
    ])
    func `what is no credential is left alone`(body: String) {
        #expect(CredentialsTests.cut(body) == nil)
    }

    @Test func `a credential in any place of a long body is found`() {
        // Over the boundaries of the blocks that the scan reads.
        for padding in 0..<40 {
            let filler = String(repeating: "a", count: padding)
            #expect(CredentialsTests.cut(#"{"f":"\#(filler)","token":1}"#) == #"{"f":"\#(filler)"}"#)
            #expect(CredentialsTests.cut(#"{"f":"\#(filler)&token=1"}"#) == #"{"f":"\#(filler)&token="}"#)
        }
    }

    @Test func `JSON nested too deep to be read is searched as text`() throws {
        var body = #"{"token":"LIVE-TOKEN","b":1}"#
        for _ in 0..<7 {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("a", body)
            writer.endObject()
            body = String(decoding: writer.bytes, as: UTF8.self)
        }
        let rest = try #require(CredentialsTests.cut(body))
        #expect(!rest.contains("LIVE"))
    }

    @Test func `bytes that are no JSON are searched as text`() {
        #expect(CredentialsTests.cut("POST /login?password=p HTTP/1.1") == "POST /login?password= HTTP/1.1")
        #expect(CredentialsTests.cut(#"{"password": "p", "a": "#) == #"{"password": , "a": "#)
    }

    @Test func `an event whose credentials were cut says so`() throws {
        let body = machineAction(["cmdInfo": #"{\"sessionkey\":\"LIVE\",\"id\":1}"#])
        let event = try decode(body)
        #expect(event.fields.isRedacted)
        #expect(event.type == "org.apache.cloudstack.VM.START")
        #expect(text(event.payload.original) == machineAction(["cmdInfo": #"{\"id\":1}"#]))
        #expect(text(event.payload.json) == machineAction(["cmdInfo": #"{\"id\":1}"#]))
    }
}
