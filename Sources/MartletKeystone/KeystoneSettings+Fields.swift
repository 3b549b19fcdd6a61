package import MartletPipeline

extension KeystoneSettings {
    /// What a section of a configuration says, for every component that asks Keystone.
    package static let fields = [
        FieldDescription(
            "auth-url",
            .url,
            isRequired: true,
            "Where Keystone is, as `https://keystone.example:5000/v3`."
        ),
        FieldDescription(
            "application-credential-id",
            .string,
            "The id of an application credential, which is of one project already: better than a password."
        ),
        FieldDescription(
            "application-credential-name",
            .string,
            "Its name instead, together with `username` or `user-id`."
        ),
        FieldDescription("application-credential-secret", .secret, "The application credential's secret."),
        FieldDescription("username", .string, "The user, by name; `user-domain` says of which domain."),
        FieldDescription("user-id", .string, "The user, by id."),
        FieldDescription("password", .secret, "The user's password."),
        FieldDescription(
            "user-domain",
            .string,
            "The name of the user's domain; `Default` where nothing else is said."
        ),
        FieldDescription("user-domain-id", .string, "The id of the user's domain instead."),
        FieldDescription("project", .string, "With a password: for which project, by name."),
        FieldDescription("project-id", .string, "With a password: for which project, by id."),
        FieldDescription(
            "project-domain",
            .string,
            "The name of the project's domain; `Default` where nothing else is said."
        ),
        FieldDescription("project-domain-id", .string, "The id of the project's domain instead."),
        FieldDescription(
            "region",
            .string,
            "Of which region the endpoint is; where there is one region, it need not be said."
        ),
        FieldDescription(
            "interface",
            .choice(Interface.allCases.map(\.rawValue)),
            default: "public",
            "Which of a service's endpoints is taken from the catalogue."
        ),
        FieldDescription(
            "timeout",
            .duration,
            default: "15s",
            "How long Keystone may take to answer, `100ms` to `5m`."
        ),
        FieldDescription(
            "ca-file",
            .path,
            "Certificates in PEM that Keystone's is verified by, instead of the system's."
        ),
    ]
}
