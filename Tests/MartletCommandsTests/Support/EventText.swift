import Martlet
import MartletClient
import MartletJSON

/// The text of a CloudEvent with these members, as the API lists it.
func eventText(_ position: Int, _ members: [String: String] = [:], data: String? = nil) -> String {
    var all = [
        "specversion": "1.0", "id": "e\(position)", "position": "\(position)", "type": "org.apache.cloudstack.VM.START",
    ]
    all["time"] = "2026-01-30T11:00:00Z"
    all.merge(members) { $1 }
    var text = all.sorted { $0.key < $1.key }.map { #""\#($0.key)":"\#($0.value)""# }.joined(separator: ",")
    if let data { text += #","data":\#(data)"# }
    return "{\(text)}"
}

/// An event with these members.
func listedEvent(_ members: [String: String] = [:], data: String? = nil) throws -> ListedEvent {
    ListedEvent(json: try JSONDocument(parsing: eventText(1, members, data: data)).root)
}

/// A page as the API answers it.
func pageText(_ events: [String], next: Int? = nil, scanned: Int? = nil, first: Int = 1, head: Int? = nil) -> String {
    func quoted(_ number: Int?) -> String { number.map { "\"\($0)\"" } ?? "null" }
    let head = head.map { #","first":"\#(first)","head":"\#($0)""# } ?? ""
    let events = events.joined(separator: ",")
    return #"{"events":[\#(events)],"next":\#(quoted(next)),"scanned":\#(quoted(scanned))\#(head)}"#
}
