import Foundation

/// A server that hides what the seeds have marked, and forwards to whatever it is told.
struct LeakSetup {
    static let readerToken = "a-reader-of-the-leak-test-0123456789"
    let directory: URL

    init(in directory: URL) throws {
        self.directory = directory
        try write("property-protections.conf", "[^x_secret$]\nread = admin\n[^x_.*]\nread = @\n")
        try write("costs.csv", "id,cost\n\(LeakSeeds.machine),lkjoincost\n")
        try write("colours.csv", "id,colour,column\n\(LeakSeeds.machine),lkseencolour,lkjoincolumn\n")
        try write("reader.token", Self.readerToken + "\n")
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(to: path(name), atomically: true, encoding: .utf8)
    }

    func path(_ name: String) -> URL { directory.appending(path: name) }

    /// The protection, as the settings of a forwarder, a reader or a replay have it; it is JSON, and so YAML too.
    var protect: String {
        #"""
        {"audience":"user","admin-only":["custom:*"],\#
        "drop":["(^|\\.)dropped$","(?i)tenant|project|owner|account","operationid","jobId","_context_request_id","secretmark",\#
        "lookup.column"],\#
        "mask":["(^|\\.)masked$","(^|\\.)ipaddress$"],\#
        "rules":[{"when":[{"resourcetype":"VirtualMachine"},{"cloud":"osp"}],"drop":["(^|\\.)ruled$"]}],\#
        "property-protection":"\#(path("property-protections.conf").path)","roles":["member"]}
        """#
    }

    private static let match = ##"match: ["#.VirtualMachine.*", "#.Template.*"]"##

    /// A forwarder with the protection, for a sink such as `webhook: { url: … }`.
    func protected(_ name: String, _ sink: String, body: String = "enriched") -> String {
        "  \(name): { \(sink), body: \(body), \(Self.match), start: earliest, protect: \(protect) }\n"
    }

    /// The control: everything that an administrator sees.
    func open(_ name: String, _ sink: String, body: String = "enriched") -> String {
        "  \(name): { \(sink), body: \(body), start: earliest }\n"
    }

    func configuration(_ forwarders: [String]) -> String {
        """
        sources:
          prod: { http: {}, format: cloudstack }
          osp: { http: {}, format: oslo }
          events: { http: {}, format: cloudevents }
        enrichers:
          - lookup: { file: "\(path("costs.csv").path)", key: id }
          - lookup: { file: "\(path("colours.csv").path)", key: id, audience: user }
          # Nobody answers there: the names are those that the index knows.
          - cloudstack: { cloud: prod, endpoint: "http://127.0.0.1:1/client/api", api-key: k, secret-key: s }
        readers:
          helpdesk: { token: { file: "\(path("reader.token").path)" }, protect: \(protect) }
        forwarders:
        \(forwarders.joined())
        """
    }
}
