import Martlet
import MartletJSON

extension Story {
    /// An alert's body, as `AlertGenerator` writes it.
    func alertBody(_ event: String, _ subject: String, _ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("event", event)
        writer.member("dataCenterId", zone.id)
        writer.member("podId", zone.podID)
        writer.member("subject", subject)
        writer.member("body", text)
        writer.member("eventDateTime", time)
        writer.endObject()
        return writer.bytes
    }

    /// An alert; it names no resource.
    mutating func alert(_ event: String, _ subject: String, _ text: String) {
        publish(.alert, event, nil, nil, alertBody(event, subject, text))
    }
}
