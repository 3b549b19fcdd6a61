import Glibc

/// Where this system keeps the certificates that it trusts; rabbitmq-c 0.11 cannot find them by itself.
enum SystemCertificates {
    /// OpenSSL's own variable first, then where the distributions put their file.
    static var file: String? {
        let named = getenv("SSL_CERT_FILE").map { String(cString: $0) }
        let known = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
            "/etc/ssl/ca-bundle.pem",
        ]
        return ([named].compactMap { $0 } + known).first { access($0, R_OK) == 0 }
    }
}
