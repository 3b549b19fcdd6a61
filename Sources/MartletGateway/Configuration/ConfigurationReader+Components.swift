import Logging
import Martlet
import MartletPipeline
import Yams

// Sources and forwarders.

extension ConfigurationReader {
    func source(_ name: String, _ node: Node, path: String) -> Configuration.SourceConfiguration? {
        guard isName(name, at: node, path: path) else { return nil }
        let descriptions = BuiltInComponents.sources
        let general = ["cloud", "region", "format", "ignore", "expect-every"]
        let members = mapping(node, path: path, known: general + descriptions.map(\.name))
        var component = component(
            members,
            at: node,
            path: path,
            what: "transport",
            descriptions: descriptions
        )
        var cloud: String?
        var region: String?
        var format: String?
        var ignore: [TopicPattern] = []
        var expectEvery: Duration?
        for (key, _, value) in members {
            let path = path.appending(key: key)
            switch key {
            case "cloud": cloud = string(value, path: path)
            case "region": region = string(value, path: path)
            case "format": format = choice(value, path: path, of: BuiltInFormats.names)
            case "ignore": ignore = patterns(value, path: path)
            case "expect-every": expectEvery = self.expectEvery(value, path: path)
            default: break
            }
        }
        if !members.contains(where: { $0.key == "format" }) {
            let names = BuiltInFormats.names.joined(separator: ", ")
            report("“format” is missing: how its bytes are read; one of \(names)", at: node, path: path)
        }
        // What a transport does where nothing else is said may depend on it.
        if let format, let settings = component?.settings {
            component?.settings = settings.adding("format", .string(format))
        }
        if let component, let type = BuiltInComponents.sourceType(named: component.kind) {
            check(component.kind, members, path: path) { try type.check(component.settings) }
        }
        guard let component, let format else { return nil }
        return Configuration.SourceConfiguration(
            name: name,
            kind: component.kind,
            settings: component.settings,
            format: format,
            origin: Origin(sourceName: name, cloud: cloud, region: region),
            ignore: ignore,
            expectEvery: expectEvery
        )
    }

    func forwarder(_ name: String, _ node: Node, path: String) -> Configuration.ForwarderConfiguration? {
        guard isName(name, at: node, path: path) else { return nil }
        let descriptions = BuiltInComponents.sinks
        let general = [
            "match", "clouds", "protect", "body", "order", "retry", "start", "where", "retention", "enrich-wait",
            "sync",
        ]
        let members = mapping(node, path: path, known: general + descriptions.map(\.name))
        let component = component(members, at: node, path: path, what: "sink", descriptions: descriptions)
        var filter = EventFilter(takesSync: false)
        var protection = Protection.none
        var body = BodyForm.enriched
        var order = DeliveryWindow.Configuration.Order.resource
        var retry = RetryPolicy()
        var start = Configuration.Start.now
        var retention = RetentionStance.wait
        var enrichWait: Duration?
        for (key, keyNode, value) in members {
            let path = path.appending(key: key)
            switch key {
            case "match": filter.matches = matches(value, path: path)
            case "clouds": filter.clouds = Set(strings(value, path: path))
            case "sync": filter.takesSync = boolean(value, path: path) ?? false
            case "protect": protection = self.protection(value, path: path)
            case "body": body = choice(value, path: path, in: BodyForm.self) ?? body
            case "order": order = choice(value, path: path, in: DeliveryWindow.Configuration.Order.self) ?? order
            case "retry": retry = self.retry(value, path: path)
            case "retention": retention = choice(value, path: path, in: RetentionStance.self) ?? retention
            case "enrich-wait": enrichWait = self.enrichWait(value, path: path)
            case "start": start = self.start(value, path: path) ?? start
            case "where":
                report(
                    "expressions are not built yet; say it with “match”, which takes topics and attributes that must be equal",
                    at: keyNode,
                    path: path
                )
            default: break
            }
        }
        if body == .original, !protection.isEmpty {
            report(
                "“body: original” sends the bytes as they came, which cannot be protected; take “protect” out, or send “event”",
                at: node,
                path: path
            )
        }
        if enrichWait != nil, body != .enriched {
            report(
                "does nothing with “body: \(body.rawValue)”, which has no document of the resource; send “enriched”, or take it out",
                at: node,
                path: path.appending(key: "enrich-wait"),
                severity: .warning
            )
        }
        guard let component else { return nil }
        if let type = BuiltInComponents.sinkType(named: component.kind) {
            let context = ComponentContext(
                name: name,
                body: body,
                time: SystemTime(),
                logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
            )
            check(component.kind, members, path: path) { try type.check(component.settings, context: context) }
        }
        return Configuration.ForwarderConfiguration(
            name: name,
            kind: component.kind,
            settings: component.settings,
            filter: filter,
            protection: protection,
            body: body,
            order: order,
            retry: retry,
            start: start,
            retention: retention,
            enrichWait: enrichWait
        )
    }

    /// Has a component look at its settings, for what its description cannot express: a secret that is none, a key that
    /// does nothing here.
    func check(
        _ kind: String,
        _ members: [(key: String, keyNode: Node, value: Node)],
        path: String,
        _ check: () throws -> [ComponentWarning]
    ) {
        // What is missing or of the wrong form has been reported, and would be again.
        let path = path.appending(key: kind)
        guard !findings.contains(where: { $0.path.hasPrefix(path) }),
            let member = members.first(where: { $0.key == kind })
        else { return }
        func report(_ text: String, _ field: String?, _ severity: Finding.Severity) {
            // That of a section is named as keystone.auth-url.
            let node = field?.split(separator: ".").reduce(Optional(member.value)) { node, key in
                node?.mapping?[Node(String(key))]
            }
            let place = field.map { path.appending(key: $0) } ?? path
            self.report(text, at: node ?? member.keyNode, path: place, severity: severity)
        }
        do {
            for warning in try check() { report(warning.text, warning.field, .warning) }
        } catch let error as ComponentError {
            report(error.reason, error.field, .error)
        } catch {
            report("\(error)", nil, .error)
        }
    }

    /// At the most a minute: it holds up the forwarder's events.
    private func enrichWait(_ node: Node, path: String) -> Duration? {
        guard let wait = duration(node, path: path) else { return nil }
        guard wait <= .seconds(60) else {
            report("is longer than 1m", at: node, path: path)
            return nil
        }
        return wait > .zero ? wait : nil
    }

    private func expectEvery(_ node: Node, path: String) -> Duration? {
        guard let bound = duration(node, path: path) else { return nil }
        guard bound >= .seconds(1) else {
            report("is shorter than 1s", at: node, path: path)
            return nil
        }
        return bound
    }

    /// Names stand in addresses, logs and metrics: letters, digits, `-`, `_` and full stops.
    private func isName(_ name: String, at node: Node, path: String) -> Bool {
        let isGood =
            name.contains { $0 != "." } && name.utf8.count <= 64
            && name.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "-_.".unicodeScalars.contains($0)
            }
        if !isGood {
            report("a name has up to 64 letters, digits, hyphens, underscores and full stops", at: node, path: path)
        }
        return isGood
    }

    func matches(_ node: Node, path: String) -> [EventFilter.Match] {
        let nodes = node.sequence.map(Array.init) ?? [node]
        return nodes.enumerated().compactMap { index, node in
            let path = "\(path)[\(index)]"
            guard node.mapping != nil else {
                return string(node, path: path).flatMap { pattern($0, at: node, path: path) }.map { .init(pattern: $0) }
            }
            var match = EventFilter.Match(pattern: .everything)
            for (key, keyNode, value) in mapping(node, path: path, known: nil) {
                let path = path.appending(key: key)
                guard let text = string(value, path: path) else { continue }
                if key == "topic" {
                    match.pattern = pattern(text, at: value, path: path) ?? match.pattern
                } else if key.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }) {
                    checkAttribute(key, text, at: keyNode, path: path)
                    match.attributes[key] = text
                } else {
                    report("attribute names have lower-case letters and digits only", at: keyNode, path: path)
                }
            }
            return match
        }
    }

    /// A slip in the name or the value of one of Martlet's own attributes would match nothing, for ever, in silence.
    private func checkAttribute(_ name: String, _ value: String, at node: Node, path: String) {
        let values: [String]? =
            switch AttributeName(rawValue: name) {
            case .category: Category.allCases.map(\.rawValue)
            case .phase: Phase.allCases.map(\.rawValue)
            case .outcome: Outcome.allCases.map(\.rawValue)
            case .some: nil
            case nil: nil
            }
        if let values, !values.contains(value) {
            report(Spelling.unknown("value", value, known: values), at: node, path: path)
        }
        if AttributeName(rawValue: name) == nil,
            let nearest = Spelling.nearest(to: name, in: AttributeName.allCases.map(\.rawValue))
        {
            report(
                "is none of Martlet's attributes; if it is no extension of your own, did you mean “\(nearest)”?",
                at: node,
                path: path,
                severity: .warning
            )
        }
    }

    private func protection(_ node: Node, path: String) -> Protection {
        var audience = Audience.admin
        var drop: [FieldPattern] = []
        var mask: [FieldPattern] = []
        for (key, _, value) in mapping(node, path: path, known: ["audience", "drop", "mask"]) {
            let path = path.appending(key: key)
            switch key {
            case "audience": audience = choice(value, path: path, in: Audience.self) ?? audience
            case "drop": drop = fieldPatterns(value, path: path)
            default: mask = fieldPatterns(value, path: path)
            }
        }
        return Protection(audience: audience, drop: drop, mask: mask)
    }

    private func fieldPatterns(_ node: Node, path: String) -> [FieldPattern] {
        strings(node, path: path).compactMap { text in
            do {
                return try FieldPattern(text)
            } catch {
                report("“\(text)” is neither a path nor a regular expression: \(error)", at: node, path: path)
                return nil
            }
        }
    }

    private func retry(_ node: Node, path: String) -> RetryPolicy {
        var retry = RetryPolicy()
        let known = ["attempts", "initial-delay", "factor", "max-delay", "jitter", "give-up-after"]
        for (key, _, value) in mapping(node, path: path, known: known) {
            let path = path.appending(key: key)
            switch key {
            case "attempts": retry.attempts = integer(value, path: path, in: 1...1_000) ?? retry.attempts
            case "initial-delay": retry.initialDelay = duration(value, path: path) ?? retry.initialDelay
            case "factor": retry.factor = number(value, path: path, in: 1...100) ?? retry.factor
            case "max-delay": retry.maximumDelay = duration(value, path: path) ?? retry.maximumDelay
            case "jitter": retry.jitter = choice(value, path: path, in: RetryPolicy.Jitter.self) ?? retry.jitter
            default: retry.giveUpAfter = duration(value, path: path) ?? retry.giveUpAfter
            }
        }
        return retry
    }

    private func start(_ node: Node, path: String) -> Configuration.Start? {
        guard let text = string(node, path: path) else { return nil }
        switch text {
        case "now": return .now
        case "earliest": return .earliest
        default:
            guard let time = Timestamp(text) else {
                report(
                    "is “\(text)”, and should be now, earliest or a time such as 2026-01-30T11:00:00Z",
                    at: node,
                    path: path
                )
                return nil
            }
            return .time(time)
        }
    }

    private func choice<Value: RawRepresentable & CaseIterable>(
        _ node: Node,
        path: String,
        in type: Value.Type
    ) -> Value? where Value.RawValue == String {
        choice(node, path: path, of: type.allCases.map(\.rawValue)).flatMap { Value(rawValue: $0) }
    }
}
