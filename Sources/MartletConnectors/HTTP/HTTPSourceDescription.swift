package import MartletPipeline

/// What the `http` source says about itself; the HTTP interface serves it, under `/v1/sources/NAME`.
package enum HTTPSourceDescription {
    package static let description = ComponentDescription(
        kind: .source,
        name: "http",
        summary: "Takes events in as HTTP requests to `/v1/sources/NAME`.",
        fields: [
            FieldDescription(
                "secret",
                .secrets,
                """
                What requests are signed with: `X-CS-Signature` is the Base64 of HMAC-SHA256 over the body, as \
                CloudStack's webhooks send it. While a secret is changed, the old one and the new one. Without a secret a \
                request needs the API's token.
                """
            )
        ],
        example: """
            sources:
              prod-webhook:
                cloud: prod
                http: { secret: "${WEBHOOK_SECRET}" }
                format: cloudstack
            """
    )
}
