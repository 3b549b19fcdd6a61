/// As whom a service asks Keystone whether tokens are good.
package struct KeystoneServiceUser: Sendable {
    package var url: String
    package var name: String
    package var password: String
    package var project: String

    /// The section of a service's configuration. Nothing is remembered, so that a token that was taken back is refused at once.
    var settings: String {
        """
        [keystone_authtoken]
        www_authenticate_uri = \(url)
        auth_url = \(url)
        auth_type = password
        username = \(name)
        password = \(password)
        project_name = \(project)
        user_domain_name = Default
        project_domain_name = Default
        token_cache_time = -1
        """
    }
}
