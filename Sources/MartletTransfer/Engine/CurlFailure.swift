import CCurl

/// A libcurl call that did not succeed.
struct CurlFailure: Error {
    let code: CURLcode

    /// libcurl's own sentence for the code.
    var text: String { String(cString: curl_easy_strerror(code)) }
}

extension TransferError {
    /// What became of an exchange that libcurl ended with anything but success.
    ///
    /// `detail` is libcurl's sentence about this failure, which names hosts and addresses but no path.
    init(_ code: CURLcode, detail: String, exchange: Exchange) {
        let host = Origin.name(of: exchange.request.url)
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self.init(.resolve, "The name of \(host) cannot be resolved: check it, and this machine's DNS.")
        case CURLE_COULDNT_CONNECT where exchange.refusal != nil && !exchange.openedSocket,
            CURLE_ABORTED_BY_CALLBACK where exchange.refusal != nil:
            let refusal = exchange.refusal ?? "is refused"
            self.init(
                .forbiddenAddress,
                "The host \(host) may not be connected to, for \(refusal): if this is wanted, add its network to allow-networks."
            )
        case CURLE_COULDNT_CONNECT where exchange.lacksDescriptors:
            self.init(
                .resources,
                "No connection to \(host): too many files and connections are open here. Raise the limit of open files."
            )
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            self.init(.connect, "No connection to \(host): \(detail). Check that it is up and reachable from here.")
        case CURLE_OPERATION_TIMEDOUT:
            self.init(.timeout, "No answer from \(host) in time: \(detail).")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            self.init(
                .tls,
                "No trusted connection to \(host): \(detail). Check its certificate and the certificate authority."
            )
        case CURLE_SEND_ERROR, CURLE_READ_ERROR:
            self.init(.send, "The connection to \(host) broke while sending: \(detail).")
        // The second is libcurl's word for a single line of a head that has no end.
        case CURLE_WRITE_ERROR where exchange.isHeadTooLarge,
            CURLE_OUT_OF_MEMORY where exchange.hasHeadBegun && !exchange.hasHead:
            self.init(
                .tooLarge,
                "The head of the answer of \(host) is larger than the \(Exchange.maximumHeaderBytes) bytes allowed."
            )
        case CURLE_WRITE_ERROR where exchange.isTooLarge, CURLE_FILESIZE_EXCEEDED:
            self.init(
                .tooLarge,
                "The answer of \(host) is larger than the \(exchange.request.maximumResponseBytes) bytes allowed."
            )
        case CURLE_URL_MALFORMAT:
            self.init(.badURL, "The URL cannot be read: check its host and port.")
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION,
            CURLE_BAD_FUNCTION_ARGUMENT:
            self.init(.resources, "The request to \(host) could not be set up: \(detail).")
        default:
            // Among them CURLE_UNSUPPORTED_PROTOCOL: the URL's scheme was checked before, so it is the answer that is not HTTP.
            self.init(.receive, "The answer of \(host) did not arrive: \(detail).")
        }
    }
}
