import MartletKeystone
package import MartletPipeline

extension ZaqarSink {
    package static let description = ComponentDescription(
        kind: .sink,
        name: "zaqar",
        summary: "Posts events to queues of Zaqar, OpenStack's messaging service, by its API v2.",
        fields: [
            FieldDescription(
                "url",
                .url,
                "Where Zaqar is, as `http://zaqar.example:8888`; with `keystone` the catalogue says it where this does not."
            ),
            FieldDescription(
                "queue",
                .string,
                isRequired: true,
                """
                The queue's name. A name like `martlet-{tenantid}` gives each event its queue by its attributes; \
                `{tenantid:nobody}` says what stands there for an event that has none.
                """
            ),
            FieldDescription(
                "keystone",
                .section(KeystoneSettings.fields),
                "How to get a token, where Zaqar wants one."
            ),
            FieldDescription(
                "signed-url",
                .section(ZaqarSignedURL.fields),
                "A pre-signed URL instead, which somebody with an account has made for this queue."
            ),
            FieldDescription(
                "project",
                .string,
                "The project's id, where Zaqar runs without Keystone and takes everybody's word."
            ),
            FieldDescription(
                "client-id",
                .string,
                "The UUID that Zaqar knows this client by; where none is given, one that is made of the forwarder's name."
            ),
            FieldDescription(
                "ttl",
                .duration,
                "How long Zaqar keeps a message, from `60s` to `14d`; the queue's own default, an hour mostly, without it."
            ),
            FieldDescription(
                "metadata",
                .table,
                """
                What a queue is made with before the first message, as `_default_message_ttl: 86400`; it replaces the \
                metadata that the queue has.
                """
            ),
            FieldDescription(
                "batch-bytes",
                .bytes,
                default: "256KiB",
                "How large a request may be: what the service and the queues allow, which is 256 KiB unless somebody changed it."
            ),
            FieldDescription("concurrency", .integer(1...64), default: "2", "Requests in flight at once."),
            FieldDescription("timeout", .duration, default: "30s", "How long a request may take, answer included."),
            FieldDescription("connect-timeout", .duration, default: "5s", "How long a connection may take to open."),
            FieldDescription(
                "ca-file",
                .path,
                "A file of PEM certificates to verify Zaqar by, instead of the system's."
            ),
        ],
        example: """
            forwarders:
              tenants:
                zaqar:
                  queue: martlet-{tenantid}
                  ttl: 7d
                  keystone:
                    auth-url: https://keystone.example:5000/v3
                    application-credential-id: 21dced0fd20347869b93710d2b98aae0
                    application-credential-secret: rEaqvJka48mpv
            """
    )
}
