import Martlet
import MartletClouds
import MartletJSON

/// Decodes a body as the source `osp` would.
func decodeOslo(_ body: String, key: String? = nil) throws(FormatError) -> Event {
    let bytes = Array(body.utf8)[...]
    let message = Message(bytes: bytes, json: try? JSONDocument(parsing: bytes).root, routingKey: key)
    return try OsloFormat().decode(message, from: Origin(sourceName: "osp", region: "RegionOne"))
}

/// What the index would learn from a body.
func osloFacts(_ body: String) throws -> ResourceFacts? {
    let event = try decodeOslo(body)
    return OsloFactReader().facts(of: event, body: try JSONDocument(parsing: event.payload.original).root)
}

/// The JSON of the document that the index would keep.
func osloDocument(_ body: String) throws -> JSONValue? {
    try osloFacts(body)?.details.map { try JSONDocument(parsing: $0).root }
}

/// A notification as oslo.messaging 1 sends it; an empty text leaves a member out.
func notification(
    _ type: String,
    _ payload: String,
    publisher: String = "",
    priority: String = "INFO",
    context: String = #""_context_user_id": "u-1", "_context_project_id": "p-acting", "_context_request_id": "req-1""#
) -> String {
    var members = [
        #""message_id": "m-1""#, #""event_type": "\#(type)""#, #""priority": "\#(priority)""#,
        #""payload": \#(payload)"#, #""timestamp": "2026-11-20 23:48:54.460580""#,
    ]
    if !publisher.isEmpty { members.append(#""publisher_id": "\#(publisher)""#) }
    if !context.isEmpty { members.append(context) }
    return "{\(members.joined(separator: ", "))}"
}

/// The same in the envelope of version 2.
func enveloped(_ notification: String, version: String = "2.0") -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("oslo.version", version)
    writer.member("oslo.message", notification)
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
}

/// A payload as nova writes it, wrapped by a versioned object.
func versioned(_ data: String, name: String = "InstanceActionPayload", version: String = "1.8") -> String {
    #"{"nova_object.name": "\#(name)", "nova_object.namespace": "nova", "nova_object.version": "\#(version)", "#
        + #""nova_object.data": \#(data)}"#
}
