import Martlet
import MartletClouds
@testable import MartletEnrichers
import MartletJSON
@testable import MartletKeystone
@testable import MartletTransfer

/// What is read of an operator's tables, and of the answers of the clouds' APIs.
enum EnricherTargets {
    static let all = [delimited, table, cloudStack, openStack, keystone]

    /// Cells are the same when they are written anew, all in quotes.
    private static let delimited = FuzzTarget(name: "delimited-text") { bytes in
        guard let rows = try? DelimitedText(bytes).rows else { return }
        let text = rows.map { row in
            row.cells.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
        }.joined(separator: "\n")
        let again: [DelimitedText.Row]
        do {
            again = try DelimitedText(Array(text.utf8)).rows
        } catch {
            throw FuzzFinding("what was written anew cannot be read: \(error)")
        }
        // By their bytes: texts that look alike are equal otherwise.
        func cells(_ rows: [DelimitedText.Row]) -> [[[UInt8]]] { rows.map { $0.cells.map { Array($0.utf8) } } }
        try demand(cells(again) == cells(rows), "other cells")
        try demand(zip(rows, rows.dropFirst()).allSatisfy { $0.line < $1.line }, "lines are not counted on")
    }

    /// The key's column on the first line, the others that are wanted on the second, parted by commas; then the table. It is the
    /// same as an object of JSON.
    private static let table = FuzzTarget(name: "lookup-table") { bytes in
        var input = FuzzInput(bytes)
        let key = input.text()
        let names = input.text().split(separator: ",").map(String.init)
        let content = LookupContent(key: key, columns: names.isEmpty ? nil : names)
        let rows: [String: [String: String]]
        do throws(LookupContent.Failure) {
            rows = try content.rows(of: Array(input.rest))
        } catch {
            return try demand(!error.reason.isEmpty, "a failure without a reason")
        }
        var writer = JSONWriter()
        writer.beginObject()
        for (name, values) in rows {
            try demand(!name.isEmpty, "a row has no key")
            try demand(values[key] == nil, "the key is joined to itself")
            try demand(names.isEmpty || values.keys.allSatisfy(names.contains), "a column is joined that nobody wants")
            writer.key(name)
            writer.beginObject()
            for (column, value) in values {
                writer.key(column)
                writer.string(value)
            }
            writer.endObject()
        }
        writer.endObject()
        let again = try? content.rows(of: writer.bytes)
        try demand(again == rows, "as JSON it is another table")
    }

    private static let secrets = ["s33ded-one", "s33ded-two"]
    private static let cloudStackTypes = ["VirtualMachine", "IpAddress", "Account", "User", "Template"]
    private static let openStackTypes = ["VirtualMachine", "Volume", "Port", "Template", "Account", "IpAddress"]

    /// A byte for the type of the resource, the status on the rest of the first line, then the answer: no message quotes a key.
    private static let cloudStack = FuzzTarget(name: "cloudstack-answer") { bytes in
        var input = FuzzInput(bytes)
        let type = cloudStackTypes[Int(input.byte()) % cloudStackTypes.count]
        guard let command = CloudStackListCommand.commands(for: type).first else { return }
        let keys = CloudStackKeys(apiKey: secrets[0], secretKey: secrets[1])
        let answer = CloudStackAnswer(command: command, keys: keys)
        let found: [JSONValue]
        do throws(CloudStackError) {
            found = try answer.list(in: response(&input), now: Timestamp(seconds: 1_000_000)).resources
        } catch {
            return try check(message: error.message, retryAfter: error.retryAfter)
        }
        for document in found.prefix(16) {
            var facts = ResourceFacts()
            facts.readCloudStack(document, of: ResourceReference(type: type, id: "1"))
            try check(facts)
        }
    }

    /// The same for OpenStack's services, whose answers are quoted nowhere.
    private static let openStack = FuzzTarget(name: "openstack-answer") { bytes in
        var input = FuzzInput(bytes)
        let type = openStackTypes[Int(input.byte()) % openStackTypes.count]
        guard let path = OpenStackPath(of: type) else { return }
        let answer = OpenStackAnswer(service: path.service, path: "\(path.collection)/1")
        let root: JSONValue
        do throws(OpenStackError) {
            root = try answer.content(of: response(&input), now: Timestamp(seconds: 1_000_000))
        } catch {
            return try check(message: error.message, retryAfter: error.retryAfter)
        }
        let single = path.member.map { root[$0] } ?? root
        let listed = root[path.collection].map { Array($0.elements.prefix(16)) } ?? []
        for document in (single.map { [$0] } ?? []) + listed {
            var facts = ResourceFacts()
            facts.readOpenStack(document, of: ResourceReference(type: type, id: "1"))
            try check(facts)
        }
    }

    /// A token is used no longer than it is good, and its catalogue's addresses end in no slash.
    private static let keystone = FuzzTarget(name: "keystone-answer") { bytes in
        var input = FuzzInput(bytes)
        _ = input.byte()
        let credential = KeystoneCredential.application(id: "i1", secret: KeystoneSecret(secrets[0]))
        let settings = KeystoneSettings(url: "https://keystone.example/v3", credential: credential)
        let asked = Timestamp(seconds: 1_000_000)
        let token: KeystoneToken
        do throws(KeystoneError) {
            token = try KeystoneAnswer(settings: settings).token(from: response(&input), asked: asked)
        } catch {
            return try check(message: error.message, retryAfter: nil)
        }
        try demand(asked < token.expiry && token.renewal <= token.expiry, "it is good when it is not")
        try demand(!"\(token)".contains(token.id.text) || token.id.text.count < 8, "it shows itself")
        for endpoint in token.catalogue.endpoints.prefix(16) {
            let url = try? token.catalogue.url(ofType: endpoint.type, for: settings)
            try demand(url?.hasSuffix("/") != true, "a slash is left")
        }
    }

    /// The status on the rest of the line, then header lines up to an empty one, then the content.
    private static func response(_ input: inout FuzzInput) -> HTTPResponse {
        let status = Int(input.text()) ?? 200
        var headers = HTTPHeaders()
        while case let line = input.line(), !line.isEmpty {
            (Array(line) + [0x0D, 0x0A]).withUnsafeBytes { headers.append(line: $0) }
        }
        return HTTPResponse(status: status, headers: headers, body: Array(input.rest))
    }

    private static func check(_ facts: ResourceFacts) throws(FuzzFinding) {
        guard let details = facts.details else { return }
        let kept = Credentials.cut(from: details)
        if let kept { try demand(FormatTargets.json(kept) != nil, "what is left of the document is no JSON") }
        try demand(FormatTargets.json(details) != nil, "the document is no JSON")
    }

    private static func check(message: String, retryAfter: Duration?) throws(FuzzFinding) {
        try demand(!secrets.contains { message.contains($0) }, "a message quotes a secret")
        try demand(!message.contains(where: \.isNewline), "a message has a line break")
        try demand(retryAfter.map { $0 >= .zero } ?? true, "a wait is negative")
    }
}
