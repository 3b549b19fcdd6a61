import Martlet
import MartletJSON
import MartletPipeline
import MartletTransfer

/// What is posted for a batch: pure.
struct WebhookRequest {
    let configuration: WebhookConfiguration

    /// The request for one attempt.
    ///
    /// - Parameter now: the moment of this attempt, which is signed, so that a receiver can refuse what is old.
    func make(for batch: OutgoingBatch, now: Timestamp) -> HTTPRequest {
        let (body, contentType) = content(of: batch)
        let timestamp = now.milliseconds / 1_000
        var headers = [
            (name: "content-type", value: contentType),
            (name: "webhook-id", value: batch.id),
            (name: "webhook-timestamp", value: String(timestamp)),
        ]
        if !configuration.secrets.isEmpty {
            let signatures = configuration.secrets.map { $0.signature(id: batch.id, timestamp: timestamp, body: body) }
            headers.append((name: "webhook-signature", value: signatures.joined(separator: " ")))
        }
        return HTTPRequest(
            method: "POST",
            url: configuration.url,
            headers: headers + configuration.headers,
            body: body,
            timeout: configuration.timeout,
            connectTimeout: configuration.connectTimeout,
            networks: configuration.networks,
            certificateAuthority: configuration.certificateAuthority
        )
    }

    private func content(of batch: OutgoingBatch) -> (body: [UInt8], type: String) {
        guard configuration.maximumEvents == 1, batch.events.count == 1 else {
            let isCloudEvents = batch.events.allSatisfy { $0.form != .original }
            return (array(of: batch), isCloudEvents ? CloudEventEncoder.batchContentType : "application/json")
        }
        let event = batch.events[0]
        guard event.form == .original else { return (event.body, CloudEventEncoder.contentType) }
        return (event.body, event.isJSON ? "application/json" : "application/octet-stream")
    }

    private func array(of batch: OutgoingBatch) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(batch.events.reduce(2) { $0 + $1.body.count + 1 })
        body.append(UInt8(ascii: "["))
        for (index, event) in batch.events.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            event.appendJSONValue(to: &body)
        }
        body.append(UInt8(ascii: "]"))
        return body
    }
}
