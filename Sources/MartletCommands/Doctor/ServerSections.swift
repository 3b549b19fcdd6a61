import Martlet
import MartletClient
import MartletGateway
import MartletJSON
import MartletTransfer

/// What a running server tells of itself, by its API.
struct ServerSections {
    /// So many of the quarantine and the dead letters are looked at.
    private static let mostItems = 5_000

    let server: ServerConnection
    let context: CommandContext

    /// One section after the other; those that cannot be had say why.
    func sections() async throws -> [DoctorReport.Section] {
        let status: StatusAnswer
        do {
            status = try await server.client.status()
        } catch {
            let failure = server.explain(error)
            return [
                DoctorReport.Section(
                    title: "Server",
                    lines: Self.lines(failure.message),
                    remarks: [failure.message.split(separator: "\n").first.map { String($0) } ?? "cannot be asked"]
                )
            ]
        }
        return [
            section(of: status), await quarantine(), await deadLetters(), await text("Readiness", "/readyz"),
            await text("Metrics", "/metrics"),
        ]
    }

    private func section(of status: StatusAnswer) -> DoctorReport.Section {
        let page = StatusPage(address: server.location.address, now: context.clock.now(), width: nil)
        var lines = page.lines(for: status).map { $0.render(inColour: false) }
        lines += ["", "as the API has it:"]
        lines += ["sources", "forwarders"].flatMap { name in
            status.json[name]?.elements.map { "  \(String(decoding: $0.bytes, as: UTF8.self))" } ?? []
        }
        var remarks: [String] = []
        if status.version != Release.version {
            remarks.append("the server is version \(status.version), this program \(Release.version)")
        }
        for source in status.json["sources"]?.elements.map(\.self) ?? [] {
            let name = source["name"]?.string ?? "?"
            if let what = source["problem"]?["what"]?.string { remarks.append("source \(name): \(what)") }
            for warning in source["warnings"]?.elements.compactMap({ $0["what"]?.string }) ?? [] {
                remarks.append("source \(name): \(warning)")
            }
            let gaps = source.number("gaps")
            if gaps > 0 { remarks.append("source \(name): \(gaps) gap\(gaps == 1 ? "" : "s")") }
        }
        for forwarder in status.forwarders {
            if forwarder.state != "running" { remarks.append("forwarder \(forwarder.name) is \(forwarder.state)") }
            if forwarder.dead > 0 {
                let letters = "dead letter\(forwarder.dead == 1 ? "" : "s")"
                remarks.append("forwarder \(forwarder.name): \(Measures.count(forwarder.dead)) \(letters)")
            }
        }
        if status.quarantined > 0 { remarks.append("\(Measures.count(status.quarantined)) in the quarantine") }
        return DoctorReport.Section(
            title: "Server",
            lines: lines.map(TextRedaction.redact),
            remarks: remarks.map(TextRedaction.redact)
        )
    }

    /// The reasons, never the bytes.
    private func quarantine() async -> DoctorReport.Section {
        await counted("Quarantine") { after in
            let page = try await server.client.quarantine(source: nil, after: after, limit: 1_000)
            return (page.items.map { ("\($0.source): \($0.reason)", $0.time) }, page.next)
        }
    }

    private func deadLetters() async -> DoctorReport.Section {
        await counted("Dead letters") { after in
            let page = try await server.client.deadLetters(forwarder: nil, after: after, limit: 1_000)
            return (page.items.map { ("\($0.forwarder): \($0.reason)", $0.time) }, page.next)
        }
    }

    /// Equal reasons together, the most frequent first, each with the time of its last.
    private func counted(
        _ title: String,
        page: (String?) async throws -> (items: [(reason: String, time: Timestamp?)], next: String?)
    ) async -> DoctorReport.Section {
        var counts: [String: (count: Int, last: Timestamp?)] = [:]
        var total = 0
        var after: String?
        var remainder: String?
        do {
            repeat {
                let (items, next) = try await page(after)
                for item in items {
                    let known = counts[item.reason] ?? (0, nil)
                    counts[item.reason] = (known.count + 1, [known.last, item.time].compactMap(\.self).max())
                }
                total += items.count
                after = next
            } while after != nil && total < Self.mostItems
            if after != nil { remainder = "and more, which were not looked at" }
        } catch {
            remainder = "It could not be read to its end: \(error)"
        }
        let lines = counts.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { reason, known in
            "\(Measures.count(known.count)) × \(reason)\(known.last.map { " (last at \($0.wholeSeconds))" } ?? "")"
        }
        return DoctorReport.Section(
            title: title,
            lines: (lines + [remainder].compactMap(\.self)).map(TextRedaction.redact)
        )
    }

    /// A page that is no JSON, or that tells by its status code.
    private func text(_ title: String, _ path: String) async -> DoctorReport.Section {
        var headers: [(name: String, value: String)] = []
        if let token = server.location.token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
        do {
            let transfer = try HTTPTransfer(maximumConnections: 1, userAgent: "martlet/\(Release.version)")
            let response = try await transfer.perform(
                HTTPRequest(url: server.client.address + path, headers: headers, maximumResponseBytes: 16 << 20)
            )
            await transfer.shutdown()
            // What each metric means stands in the documentation.
            let lines = Self.lines(TextRedaction.redact(String(decoding: response.body, as: UTF8.self)))
                .filter { !$0.hasPrefix("# ") }
            guard response.status != 200 else { return DoctorReport.Section(title: title, lines: lines) }
            return DoctorReport.Section(
                title: title,
                lines: ["status \(response.status)"] + lines,
                remarks: ["\(path) answers with status \(response.status)"]
            )
        } catch {
            return DoctorReport.Section(title: title, lines: ["It could not be read: \(error.message)"])
        }
    }

    static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: true).map { String($0) }
    }
}

extension JSONValue {
    fileprivate func number(_ name: String) -> Int64 { self[name]?.integer ?? 0 }
}
