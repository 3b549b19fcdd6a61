package import MartletPipeline

extension CloudStackEnricher {
    package static let description = ComponentDescription(
        kind: .enricher,
        name: "cloudstack",
        summary: "Asks the API of Apache CloudStack for what the index lacks of a resource.",
        fields: [
            EnricherFields.cloud,
            FieldDescription(
                "endpoint",
                .url,
                isRequired: true,
                "Where the API is, as `https://cloud.example/client/api`."
            ),
            FieldDescription("api-key", .secret, isRequired: true, "The API key of a user of CloudStack's."),
            FieldDescription("secret-key", .secret, isRequired: true, "The secret key of the same user."),
            FieldDescription(
                "ca-file",
                .path,
                "A file of PEM certificates to verify the server by, instead of the system's."
            ),
        ] + EnricherPolicy.fields,
        example: """
            enrichers:
              - cloudstack:
                  cloud: prod
                  endpoint: https://cloud.example/client/api
                  api-key: { file: /run/secrets/cloudstack-api-key }
                  secret-key: { file: /run/secrets/cloudstack-secret-key }
            """
    )

    package static func check(_ settings: ComponentSettings, context: ComponentContext) throws -> [ComponentWarning] {
        let configuration = try CloudStackConfiguration(settings)
        guard EndpointAddress(text: configuration.api.endpoint).isPlain else { return [] }
        // The secret key itself is never sent.
        return [ComponentWarning(field: "endpoint", "sends requests and answers unencrypted: use https")]
    }
}
