import MartletKeystone
package import MartletPipeline

extension OpenStackEnricher {
    package static let description = ComponentDescription(
        kind: .enricher,
        name: "openstack",
        summary: "Asks the APIs of OpenStack's services for what the index lacks of a resource.",
        fields: [
            EnricherFields.cloud,
            FieldDescription(
                "keystone",
                .section(KeystoneSettings.fields),
                isRequired: true,
                "How to get a token; its `region`, `interface` and `ca-file` count for all services."
            ),
            FieldDescription(
                "all-seeing-roles",
                .strings,
                default: "admin",
                "The roles in whose name every service shows what all projects have; without one of them a sync takes nothing for gone."
            ),
            FieldDescription(
                "key-pairs",
                .boolean,
                default: "false",
                "Whether a sync lists key pairs: Nova is asked once for each user."
            ),
        ] + EnricherPolicy.fields,
        example: """
            enrichers:
              - openstack:
                  cloud: osp
                  keystone:
                    auth-url: https://keystone.example:5000/v3
                    application-credential-id: 21dced0fd20347869b93710d2b98aae0
                    application-credential-secret: { file: /run/secrets/openstack }
            """
    )

    package static func check(_ settings: ComponentSettings, context: ComponentContext) throws -> [ComponentWarning] {
        guard try OpenStackConfiguration(settings).keystone.isPlain else { return [] }
        return [ComponentWarning(field: "keystone.auth-url", "sends the credential unencrypted: use https")]
    }
}
