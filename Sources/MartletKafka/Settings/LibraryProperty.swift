import CRdKafka

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A property of librdkafka, from the library's own listing, so that the list is that of the version at hand.
struct LibraryProperty: Sendable, Hashable {
    enum Scope: String, Sendable {
        case consumer = "C"
        case producer = "P"
        case both = "*"
    }

    /// The name that an alias stands for, else the property's own.
    var name: String
    var scope: Scope
    /// Whether only a program can set it: a callback, a certificate in memory.
    var isForProgramsOnly: Bool

    func applies(to role: KafkaSettings.Role) -> Bool {
        switch role {
        case .consumer: scope != .producer
        case .producer: scope != .consumer
        case .both: true
        }
    }
}

/// What the library at hand knows.
enum Library {
    /// The properties by their names, aliases included. Of a name that is a property of the client and of a topic, the
    /// client's counts, as in `rd_kafka_conf_set`.
    static let properties = properties(in: listing())

    static let version = String(cString: rd_kafka_version_str())

    /// What it was built with: `ssl`, `sasl_scram`, `zstd`, …
    static let features: Set<String> = {
        let configuration = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(configuration) }
        var value = [CChar](repeating: 0, count: 1_024)
        var size = value.count
        guard rd_kafka_conf_get(configuration, "builtin.features", &value, &size) == RD_KAFKA_CONF_OK else { return [] }
        let text = value.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        return Set(text.split { $0 == "," || $0 == " " }.map(String.init))
    }()

    /// What the library says against a value; `nil` where it takes it.
    static func objection(to value: String, of name: String) -> String? {
        let configuration = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(configuration) }
        var reason = [CChar](repeating: 0, count: 512)
        guard rd_kafka_conf_set(configuration, name, value, &reason, reason.count) != RD_KAFKA_CONF_OK else {
            return nil
        }
        return reason.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    /// Reads the table that `rd_kafka_conf_properties_show` writes: name, scope, range, default, importance, description.
    static func properties(in listing: String) -> [String: LibraryProperty] {
        var properties: [String: LibraryProperty] = [:]
        for line in listing.split(separator: "\n") {
            let columns = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false)
            guard columns.count == 6, let scope = LibraryProperty.Scope(rawValue: trimmed(columns[1])) else { continue }
            let name = trimmed(columns[0])
            guard properties[name] == nil else { continue }
            let alias = columns[5].firstRange(of: "Alias for `").map {
                columns[5][$0.upperBound...].prefix { $0 != "`" }
            }
            properties[name] = LibraryProperty(
                name: alias.map(String.init) ?? name,
                scope: scope,
                isForProgramsOnly: columns[5].contains("*Type: see dedicated API*")
            )
        }
        return properties
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func listing() -> String {
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        guard let stream = open_memstream(&text, &size) else { return "" }
        rd_kafka_conf_properties_show(stream)
        // The buffer is complete, and belongs to the caller, once the stream is closed.
        fclose(stream)
        defer { free(text) }
        return text.map { String(cString: $0) } ?? ""
    }
}
