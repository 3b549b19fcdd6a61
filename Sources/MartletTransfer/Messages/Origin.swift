import CCurl

/// The part of a URL that may be shown: paths, queries and user names of webhooks are often secrets.
enum Origin {
    /// `host` or `host:port` of a URL, "an unknown host" where it has none.
    static func name(of url: String) -> String {
        let unknown = "an unknown host"
        guard let parts = curl_url() else { return unknown }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK, let host = part(CURLUPART_HOST, of: parts) else {
            return unknown
        }
        return part(CURLUPART_PORT, of: parts).map { "\(host):\($0)" } ?? host
    }

    private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
