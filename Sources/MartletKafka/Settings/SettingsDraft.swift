import MartletPipeline

/// What file, properties and fields have said so far.
struct SettingsDraft {
    let role: KafkaSettings.Role
    /// By librdkafka's names.
    var chosen: [String: ChosenProperty] = [:]
    var warnings: [ComponentWarning] = []
    private var topicOfFile: String?
    /// What does nothing, by where it stands and why: told in one sentence each.
    private var ignored: [(origin: SettingOrigin, reason: String, names: [String])] = []

    /// Whether the field `ca-file` or `certificate-file` says what a store of Java's would say.
    private(set) var replacesTrustStore = false
    private(set) var replacesKeyStore = false

    init(role: KafkaSettings.Role) { self.role = role }

    /// - Parameter settings: the fields that stand above file and properties.
    init(role: KafkaSettings.Role, below settings: ComponentSettings) {
        self.role = role
        replacesTrustStore = settings.string("ca-file") != nil
        replacesKeyStore = settings.string("certificate-file") != nil
    }

    mutating func choose(_ name: String, _ value: String, _ origin: SettingOrigin, as writtenName: String? = nil) {
        chosen[name] = ChosenProperty(value: value, writtenName: writtenName ?? name, origin: origin)
    }

    mutating func ignore(_ name: String, _ origin: SettingOrigin, because reason: String) {
        if let index = ignored.firstIndex(where: { $0.origin.field == origin.field && $0.reason == reason }) {
            ignored[index].names.append(name)
        } else {
            ignored.append((origin, reason, [name]))
        }
    }

    mutating func takeFile(_ path: String) throws(ComponentError) {
        let bytes = try SettingsFile.read(path, field: "properties-file")
        let file: JavaProperties
        do throws(JavaProperties.Malformed) {
            file = try JavaProperties(bytes)
        } catch {
            throw ComponentError(
                field: "properties-file",
                "line \(error.line) of \(path) has a \\u without four hexadecimal digits behind it: write \\\\ for a backslash"
            )
        }
        var written: [WrittenProperty] = []
        for entry in file.entries {
            let origin = SettingOrigin.file(path: path, line: entry.line)
            if entry.name == "topic" {
                topicOfFile = entry.value.trimmed
            } else {
                written.append(WrittenProperty(name: entry.name, value: entry.value.trimmed, origin: origin))
            }
            if file.repeatedNames.contains(entry.name) {
                warnings.append(origin.warning(entry.name, "appears more than once: this last one counts"))
            }
        }
        if file.value("config.providers") != nil, let reference = written.first(where: { $0.value.contains("${") }) {
            throw reference.origin.error(
                reference.name,
                "takes its value from one of Java's configuration providers: write the value itself into the configuration"
            )
        }
        try take(written)
    }

    /// Takes what is written in one place.
    mutating func take(_ written: [WrittenProperty]) throws(ComponentError) {
        var security: [String: WrittenProperty] = [:]
        var unknown: [ComponentError] = []
        for property in written {
            // A name of both worlds is Java's in Java's file and librdkafka's elsewhere.
            let isKnownHere = Library.properties[property.name] != nil && !property.origin.isFile
            switch JavaProperty[property.name] {
            case .security?: security[property.name] = property
            case .renamed(let name)?: try take(property, as: name, property.value)
            case .converted(let name, let convert)?:
                guard let value = convert(property.value) else {
                    throw property.origin.error(property.name, "has a value that librdkafka has no equivalent of")
                }
                try take(property, as: name, value)
            case .without(let reason)? where !isKnownHere: ignore(property.name, property.origin, because: reason)
            case .ofJavaOnly? where !isKnownHere: takeJavaOnly(property)
            default:
                if let error = refusal(of: property) {
                    unknown.append(error)
                } else {
                    try take(property, as: property.name, property.value)
                }
            }
        }
        // All at once: whoever mends the first slip should not have to come back for the next one.
        if let first = unknown.first {
            throw ComponentError(field: first.field, unknown.map(\.reason).joined(separator: "; "))
        }
        try takeSecurity(security)
    }

    private mutating func takeJavaOnly(_ property: WrittenProperty) {
        ignore(property.name, property.origin, because: "of use to Java's client only")
        let plain = ["String", "ByteArray", "ByteBuffer", "Bytes"]
        let className = property.value.split(separator: ".").last.map(String.init) ?? ""
        guard property.name == "value.serializer",
            !plain.contains(where: { className == "\($0)Serializer" }), role != .producer
        else { return }
        warnings.append(
            property.origin.warning(property.name, "is \(className): what it writes may be no text that a format reads")
        )
    }

    private mutating func take(_ property: WrittenProperty, as name: String, _ value: String) throws(ComponentError) {
        guard let known = Library.properties[name] else { return warnOfUnknown(property) }
        if known.isForProgramsOnly { throw property.origin.error(property.name, "can be set by a program only") }
        if let reason = OwnProperties.reserved[known.name] {
            guard property.origin.isFile else {
                throw property.origin.error(property.name, "is set by Martlet itself: \(reason)")
            }
            return ignore(property.name, property.origin, because: reason)
        }
        guard known.applies(to: role) else {
            let side =
                role == .consumer ? "a producer's property, and this reads" : "a consumer's property, and this writes"
            return ignore(property.name, property.origin, because: side)
        }
        choose(known.name, value, property.origin, as: property.name)
    }

    /// What is wrong with a name that nobody knows; in a file that may not be Martlet's own it is a warning only.
    private func refusal(of property: WrittenProperty) -> ComponentError? {
        guard Library.properties[property.name] == nil else { return nil }
        if property.name == "topic" || property.name == "topics" {
            return property.origin.error(property.name, "is no property of Kafka's clients: write it beside properties")
        }
        guard !property.origin.isFile else { return nil }
        let nearest = Spelling.nearest(to: property.name, in: Array(Library.properties.keys) + JavaProperty.usefulNames)
        let remedy = nearest.map { "did you mean “\($0)”?" }
        return property.origin.error(
            property.name,
            "is no property of librdkafka \(Library.version); \(remedy ?? "its CONFIGURATION.md names all")"
        )
    }

    private mutating func warnOfUnknown(_ property: WrittenProperty) {
        let nearest = Spelling.nearest(to: property.name, in: Array(Library.properties.keys) + JavaProperty.names)
        let text = "is known to no client of Kafka's and does nothing here"
        warnings.append(
            property.origin.warning(property.name, nearest.map { "\(text); did you mean “\($0)”?" } ?? text)
        )
    }

    mutating func finish() throws(ComponentError) -> KafkaSettings {
        guard let brokers = chosen.removeValue(forKey: "metadata.broker.list") else {
            throw ComponentError(
                field: "bootstrap-servers",
                "is missing: write the brokers to begin with as host:9092, or have properties-file or properties name them"
            )
        }
        let servers = try BootstrapServers.read(brokers.value, field: brokers.origin.field)
        let group = chosen.removeValue(forKey: "group.id")?.value
        if role != .consumer { try settleProducer() }
        for (name, property) in chosen.sorted(by: { $0.key < $1.key }) {
            guard let objection = Library.objection(to: property.value, of: name) else { continue }
            // librdkafka quotes the value.
            let reason =
                SecretProperty.isSecret(name) ? "has a value that librdkafka refuses" : "is refused: \(objection)"
            throw property.origin.error(property.writtenName, reason)
        }
        return KafkaSettings(
            bootstrapServers: servers,
            topicOfFile: topicOfFile,
            group: group,
            consumerProperties: properties(for: .consumer, servers),
            producerProperties: properties(for: .producer, servers),
            warnings: warnings + ignoredNames()
        )
    }

    private func properties(for role: KafkaSettings.Role, _ servers: [String]) -> [String: String] {
        var properties = role == .consumer ? OwnProperties.consumerDefaults : OwnProperties.producerDefaults
        properties["client.id"] = "martlet"
        for (name, property) in chosen where Library.properties[name]?.applies(to: role) == true {
            properties[name] = property.value
        }
        properties["metadata.broker.list"] = servers.joined(separator: ",")
        if role == .consumer { properties.merge(OwnProperties.consumer) { $1 } }
        return properties
    }

    /// One sentence for each reason.
    private func ignoredNames() -> [ComponentWarning] {
        ignored.map { origin, reason, names in
            let place: String
            if case .file(let path, _) = origin { place = " of \(path)" } else { place = "" }
            let verb = names.count == 1 ? "does" : "do"
            return ComponentWarning(
                field: origin.field,
                "\(names.sorted().joined(separator: ", "))\(place) \(verb) nothing here: \(reason)"
            )
        }
    }
}
