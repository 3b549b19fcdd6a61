import Testing

@testable import MartletCommands

struct ResourceCommandsTests {
    private static let resource = #"""
        {"type":"VirtualMachine","id":"9c3d1e42","cloud":"prod","state":"Running","tenantid":"a-1","updated":"2026-01-30T10:00:00Z",
        "position":"4","document":{"name":"日本-web","state":"Running","domainid":"d-1","relations":{"host":["h-1"],"network":["n-1","n-2"]},
        "details":{"cpunumber":4,"note":null,"nic":[{"ip":"10.1.1.17"}]}}}
        """#

    @Test func `a resource is a page with its relations, details and time line`() async throws {
        let server = try LoopbackServer { request, _ in
            request.path.contains("timeline")
                ? .json(pageText([eventText(4, ["newstate": "Running"]), eventText(3, ["phase": "started"])]))
                : .json(Self.resource)
        }
        let run = try await run("resource", "VirtualMachine", "9c3d1e42", "--timeline", "2", server: server)
        #expect(
            run.output == """
                VirtualMachine 9c3d1e42
                  name      日本-web
                  state     Running
                  cloud     prod
                  owner     a-1
                  domain    d-1
                  updated   2026-01-30 10:00:00, 2 h ago
                  position  4

                RELATIONS
                  host     h-1
                  network  n-1
                           n-2

                DETAILS
                  cpunumber  4
                  nic        [{"ip":"10.1.1.17"}]

                TIME LINE
                2026-01-30
                11:00:00 › other   VM.START
                11:00:00   other   VM.START                                             → Running

                """
        )
        #expect(
            server.requests.map(\.path) == [
                "/v1/resources/VirtualMachine/9c3d1e42",
                "/v1/resources/VirtualMachine/9c3d1e42/timeline?cloud=prod&limit=2",
            ]
        )
    }

    @Test func `where several clouds have it they are the choice`() async throws {
        let server = try LoopbackServer { _, _ in
            .problem("ambiguous-resource", "In prod and test.", status: 409, more: #","clouds":["prod","test"]"#)
        }
        let run = try await run("resource", "VirtualMachine", "1", server: server)
        #expect(
            run.failure
                == CommandFailure("Several clouds have VirtualMachine/1. Choose one:\n  --cloud prod\n  --cloud test")
        )
    }

    @Test func `a problem is said in the server's words`() async throws {
        let server = try LoopbackServer { _, _ in .problem("unknown-resource", "No such resource.", status: 404) }
        #expect(
            try await run("resource", "VirtualMachine", "1", server: server).failure
                == CommandFailure("No such resource.")
        )
    }

    @Test func `what is found is a table, or JSON`() async throws {
        let server = try LoopbackServer { _, _ in .json(#"{"resources":[\#(Self.resource)],"indexedthrough":"4"}"#) }
        let run1 = try await run("search", "web", "prod", "--type", "VirtualMachine", server: server)
        #expect(
            run1.lines == [
                "type            id        name      state    cloud  updated",
                "VirtualMachine  9c3d1e42  日本-web  Running  prod   2 h ago",
            ]
        )
        #expect(server.requests.first?.path == "/v1/resources?search=web%20prod&type=VirtualMachine&limit=50")
        #expect(try await run("search", "web", "--json", server: server).lines.count == 1)
    }
}
