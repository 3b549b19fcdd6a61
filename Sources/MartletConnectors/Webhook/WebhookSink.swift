import Martlet
package import MartletPipeline
import MartletTransfer
import Synchronization

/// Posts events to a URL, signed as Standard Webhooks 1.0.0 says.
///
/// The request and the meaning of the answers are values of their own, ``WebhookRequest`` and ``WebhookResponse``.
package final class WebhookSink: SinkType {
    package static let description = ComponentDescription(
        kind: .sink,
        name: "webhook",
        summary: "Posts events to a URL, signed as Standard Webhooks says.",
        fields: [
            FieldDescription("url", .url, isRequired: true, "Where to post: `https`, or `http`."),
            FieldDescription(
                "secret",
                .secrets,
                """
                What requests are signed with: `whsec_` and the base64 of 24 to 64 bytes. While a secret is changed, the \
                new one and the old one: a request then bears both signatures. Without a secret there is no signature.
                """
            ),
            FieldDescription(
                "batch",
                .integer(1...10_000),
                default: "1",
                """
                Events in a request, at the most. From 2 on a request is a JSON array, and is taken or refused as a \
                whole.
                """
            ),
            FieldDescription("timeout", .duration, default: "15s", "How long a request may take, answer included."),
            FieldDescription("connect-timeout", .duration, default: "5s", "How long a connection may take to open."),
            FieldDescription("concurrency", .integer(1...256), default: "8", "Requests in flight at once."),
            FieldDescription(
                "headers",
                .table,
                "More headers, `Authorization` for one. Their values are never shown."
            ),
            FieldDescription(
                "restrict-networks",
                .boolean,
                default: "false",
                "Whether addresses that are not on the public Internet are refused."
            ),
            FieldDescription(
                "allow-networks",
                .strings,
                "Networks that are open nevertheless, as `10.20.0.0/16`. Giving some implies `restrict-networks`."
            ),
            FieldDescription(
                "allow-plain-http",
                .boolean,
                default: "true",
                "Whether the URL may be `http` while networks are restricted."
            ),
            FieldDescription(
                "ca-file",
                .path,
                "A file of PEM certificates to verify the receiver by, instead of the system's."
            ),
        ],
        example: """
            forwarders:
              noc:
                webhook:
                  url: https://noc.example/hooks
                  secret: whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
            """
    )

    /// Who posts.
    package static let userAgent = "Martlet/\(Release.version)"

    package let delivery: SinkDelivery
    private let request: WebhookRequest
    private let response: WebhookResponse
    private let context: ComponentContext
    private let isClosed = Atomic(false)

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try WebhookConfiguration(settings)
        request = WebhookRequest(configuration: configuration)
        response = WebhookResponse(configuration: configuration)
        self.context = context
        delivery = SinkDelivery(
            mode: configuration.maximumEvents == 1 ? .independent : .atomic,
            maximumEvents: configuration.maximumEvents,
            concurrency: configuration.concurrency
        )
    }

    package func send(_ batch: OutgoingBatch) async -> BatchOutcome {
        guard !isClosed.load(ordering: .acquiring) else { return .whole(.unavailable("The webhook is closed.")) }
        do throws(TransferError) {
            let transfer = try SharedTransfer.shared.started()
            let answer = try await transfer.perform(request.make(for: batch, now: context.time.now))
            return .whole(response.outcome(of: answer, now: context.time.now))
        } catch {
            return .whole(response.outcome(of: error))
        }
    }

    /// Sends nothing more; the connections belong to the client, which closes idle ones.
    package func close() async { isClosed.store(true, ordering: .releasing) }
}
