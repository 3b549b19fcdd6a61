import Martlet
import MartletClouds
import MartletJSON

/// Decodes a body as the source `prod` would.
func decode(
    _ body: String,
    key: String? = nil,
    headers: [String: String] = [:]
) throws(FormatError) -> Event {
    let bytes = Array(body.utf8)[...]
    let json = try? JSONDocument(parsing: bytes).root
    let message = Message(bytes: bytes, json: json, routingKey: key, headers: headers)
    return try CloudStackFormat().decode(message, from: Origin(sourceName: "prod", region: "north"))
}

/// What the index would learn from a body.
func facts(_ body: String, key: String? = nil, headers: [String: String] = [:]) throws -> ResourceFacts? {
    let event = try decode(body, key: key, headers: headers)
    return CloudStackFactReader().facts(of: event, body: try JSONDocument(parsing: event.payload.original).root)
}

func text(_ bytes: Bytes?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

/// Ids of the shapes in these tests.
enum ID {
    static let machine = "9c3d1e42-8a05-4b6f-a1c7-2d4e6f8a0b03"
    static let volume = "7a1b2c3d-4e5f-4061-9273-8495a6b7c804"
    static let account = "5f2a9d30-7b41-4c58-8d17-3e9c0a4b5c02"
    static let caller = "11112222-3333-4444-8555-666677778888"
    static let user = "0b4f0e6a-2c1d-4f0b-9a51-6a0b7c1d2e01"
    static let domain = "c0ffee00-0000-4000-8000-000000000003"
    static let zone = "2e4f6a8c-1b3d-4e5f-8091-a2b3c4d5e605"
    static let project = "192a3b4c-5d6e-4f70-8819-2a3b4c5d6e0c"
    static let job = "c4d5e6f7-0819-4a2b-b3c4-d5e6f7081907"
}

/// A virtual machine's action with these members changed or added; an empty text leaves a member out.
func machineAction(_ changes: KeyValuePairs<String, String> = [:]) -> String {
    var members: [(String, String)] = [
        ("eventDateTime", "2026-01-30 11:38:35 +0000"), ("status", "Completed"),
        ("description", "Successfully completed starting Vm. Vm Id: \(ID.machine)"), ("event", "VM.START"),
        ("entity", "VirtualMachine"), ("entityuuid", ID.machine), ("account", ID.caller), ("user", ID.user),
    ]
    for (name, value) in changes {
        members.removeAll { $0.0 == name }
        if !value.isEmpty { members.append((name, value)) }
    }
    return "{" + members.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}"
}
