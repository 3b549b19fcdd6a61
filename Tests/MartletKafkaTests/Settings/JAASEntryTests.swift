import Testing

@testable import MartletKafka

@Suite struct JAASEntryTests {
    @Test(arguments: [
        #"org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="s3cret";"#,
        #"PlainLoginModule REQUIRED username=alice password=s3cret;"#,
        #"  a.PlainLoginModule  required  password = "s3cret"  username = 'alice' ;  "#,
        "a.PlainLoginModule required\n  username=\"alice\"\n  password=\"s3cret\";\n",
    ])
    func `module and options are read`(_ text: String) throws {
        let entry = try JAASEntry(text)
        #expect(entry.module == "PlainLoginModule")
        #expect(entry.options == ["username": "alice", "password": "s3cret"])
    }

    @Test func `quoted values may hold anything`() throws {
        let entry = try JAASEntry(#"M required password="a\"b\\c;d='e' = f" debug=true;"#)
        #expect(entry.options == ["password": #"a"b\c;d='e' = f"#, "debug": "true"])
    }

    @Test(arguments: [
        "", ";", "M", "M required", "M required p=hush", "M wanted p=hush;", "M required p;", "M required p=;",
        "M required =hush;", #"M required p="a"hush;"#, "M required p=a hush;", "M required p=\"hush;",
        "M required p=hush; N required;",
    ])
    func `what is malformed is refused without quoting a value`(_ text: String) {
        let error = #expect(throws: JAASEntry.Malformed.self) { try JAASEntry(text) }
        #expect(error?.reason.contains("hush") == false)
    }
}
