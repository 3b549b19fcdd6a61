import CCurl

/// One of libcurl's easy handles, used for one exchange after the other. Belongs to the engine's thread.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?

    init() throws(CurlFailure) {
        guard let pointer = curl_easy_init() else { throw CurlFailure(code: CURLE_FAILED_INIT) }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// libcurl's sentence about the failure of this exchange; empty where it wrote none.
    var failureDetail: String { String(cString: errorText) }

    /// The status of the answer so far, 0 before its head.
    var status: Int {
        var status = 0
        // Fails only for an unknown number of the information asked for.
        _ = ccurl_get_long(pointer, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// Sets everything that an exchange needs, after which it can be added to a multi handle.
    func prepare(for exchange: Exchange, userAgent: String) throws(CurlFailure) {
        let request = exchange.request
        errorText.pointee = 0
        try set(CURLOPT_ERRORBUFFER, errorText)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_TCP_NODELAY, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_USERAGENT, userAgent)
        try set(CURLOPT_PROTOCOLS_STR, request.networks.allowsPlainHTTP ? "http,https" : "https")
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
        try setNameResolution()
        if let path = request.certificateAuthority {
            try set(CURLOPT_CAINFO, path)
        }
        if exchange.needsFreshConnection {
            try set(CURLOPT_FRESH_CONNECT, 1)
        }
        if !exchange.isStreamed {
            try set(CURLOPT_TIMEOUT_MS, request.timeout.curlMilliseconds)
            try check(ccurl_set_size(pointer, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.maximumResponseBytes)))
        }
        try setContent(of: request)
        try setHeaders(of: request)
        try setCallbacks(for: exchange)
    }

    /// Forgets the exchange's options; keeps the connections, which are the multi handle's.
    func recycle() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headerList)
        headerList = nil
    }

    /// Names are looked up on threads of libcurl's own; these options keep a name server that is silent, or tells something new,
    /// from holding anybody up.
    private func setNameResolution() throws(CurlFailure) {
        // Otherwise an exchange that runs into its time-out waits for its look-up to end, and all others with it.
        try set(CURLOPT_QUICK_EXIT, 1)
        // In seconds: how long a name keeps leading to the same address, for new connections and for kept ones.
        try set(CURLOPT_DNS_CACHE_TIMEOUT, 15)
        try set(CURLOPT_MAXLIFETIME_CONN, 300)
    }

    private func setContent(of request: HTTPRequest) throws(CurlFailure) {
        let methodTakesContent = request.method == "POST" || request.method == "PUT" || request.method == "PATCH"
        if methodTakesContent || !request.body.isEmpty {
            try set(CURLOPT_POST, 1)
            try check(ccurl_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
            // Copied, because Swift gives no address of an array that outlives a closure.
            let code = request.body.withUnsafeBytes { ccurl_set_bytes(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
            try check(code)
            if request.method != "POST" { try set(CURLOPT_CUSTOMREQUEST, request.method) }
        } else if request.method == "HEAD" {
            try set(CURLOPT_NOBODY, 1)
        } else if request.method != "GET" {
            try set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private func setHeaders(of request: HTTPRequest) throws(CurlFailure) {
        // A name with a colon and nothing after it takes away what libcurl would send: no round trip for "100 Continue", and no
        // media type of HTML forms. A name with a semicolon is a field with an empty value.
        try append(header: "Expect:")
        var hasContentType = false
        for (name, value) in request.headers {
            try append(header: value.isEmpty ? "\(name);" : "\(name): \(value)")
            hasContentType = hasContentType || "content-type".utf8.equalsIgnoringCase(name.utf8)
        }
        if !hasContentType { try append(header: "Content-Type:") }
        try check(ccurl_set_list(pointer, CURLOPT_HTTPHEADER, headerList))
    }

    private func append(header: String) throws(CurlFailure) {
        guard let list = curl_slist_append(headerList, header) else { throw CurlFailure(code: CURLE_OUT_OF_MEMORY) }
        headerList = list
    }

    private func setCallbacks(for exchange: Exchange) throws(CurlFailure) {
        let state = exchange.callbackState
        try set(CURLOPT_PRIVATE, state)
        try set(CURLOPT_WRITEDATA, state)
        try set(CURLOPT_HEADERDATA, state)
        try set(CURLOPT_OPENSOCKETDATA, state)
        try check(ccurl_set_data_callback(pointer, CURLOPT_WRITEFUNCTION, receiveContent))
        try check(ccurl_set_data_callback(pointer, CURLOPT_HEADERFUNCTION, receiveHeaderLine))
        try check(ccurl_set_open_socket_callback(pointer, openSocket))
        if exchange.request.networks.isRestricted {
            try set(CURLOPT_PREREQDATA, state)
            try check(ccurl_set_before_request_callback(pointer, permitRequest))
        }
    }

    private func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) {
        try check(ccurl_set_long(pointer, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(CurlFailure) {
        try check(ccurl_set_string(pointer, option, value))
    }

    private func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(CurlFailure) {
        try check(ccurl_set_pointer(pointer, option, value))
    }

    private func check(_ code: CURLcode) throws(CurlFailure) {
        guard code == CURLE_OK else { throw CurlFailure(code: code) }
    }
}

extension Duration {
    /// Whole milliseconds, at least one: to libcurl 0 means "no time-out".
    fileprivate var curlMilliseconds: Int {
        let milliseconds = self / .milliseconds(1)
        return Int(min(max(milliseconds, 1), Double(Int32.max)))
    }
}
