import Martlet
import MartletClient

/// Sends an input to a server, batch by batch, in order.
struct Publisher {
    private let server: ServerConnection
    private let context: CommandContext
    private let topic: String?
    /// The source that was named; nil to go by what the first event looks like.
    private let source: String?
    private(set) var summary = PublishSummary()
    private var progress: PublishProgress
    private var mentioned = 0

    /// The source of events that are no CloudEvents, where none is named.
    static let defaultSource = "cloudstack"
    private static let mostMentioned = 20
    private static let mostAttempts = 10
    private static let longestWait = Duration.seconds(30)

    init(_ server: ServerConnection, input: InputFile, source: String?, topic: String?, context: CommandContext) {
        self.server = server
        self.context = context
        self.source = source
        self.topic = topic
        progress = PublishProgress(name: input.name, total: input.size, start: context.clock.now())
    }

    /// Publishes everything that the reader has.
    mutating func publish(_ reader: inout ItemReader) async throws {
        var batch = PublishBatch()
        var target: APIClient.PublishTarget?
        do {
            while let item = try reader.next() {
                if target == nil { target = self.target(of: item) }
                if let target, !batch.hasRoom(for: item) {
                    try await send(batch, reader, to: target)
                    batch = PublishBatch()
                }
                batch.append(item)
            }
        } catch let damage as CommandFailure {
            // What came before the damage is as good as ever.
            if let target, !batch.items.isEmpty { try await send(batch, reader, to: target) }
            throw CommandFailure("\(damage.message). The events before it were published: \(summary.text).")
        }
        if let target, !batch.items.isEmpty { try await send(batch, reader, to: target) }
    }

    private func target(of item: PublishItem) -> APIClient.PublishTarget {
        if let source { return .source(source) }
        return item.isCloudEvent ? .cloudEvents : .source(Self.defaultSource)
    }

    private mutating func send(
        _ batch: PublishBatch,
        _ reader: ItemReader,
        to target: APIClient.PublishTarget
    ) async throws {
        let content = batch.content(reader.shape, isCloudEvents: target == .cloudEvents)
        var attempt = 1
        while true {
            let answer: PublishAnswer
            do {
                answer = try await server.client.publish(
                    content.body,
                    contentType: content.type,
                    to: target,
                    topic: topic
                )
            } catch {
                if error.code == .unavailable, attempt < Self.mostAttempts {
                    try await wait(after: error, attempt: attempt)
                    attempt += 1
                    continue
                }
                if error.problem?.code == .notJSON, reader.shape == .lines {
                    // Not one line of the batch can be read. The next ones may well.
                    summary.refused += batch.items.count
                    return try mention(batch.items.map { "line \($0.line): this is no JSON" })
                }
                try clear()
                throw stopped(by: error, at: batch)
            }
            summary.add(answer)
            try mention(answer, of: batch, reader.shape)
            return try draw(reader)
        }
    }

    /// Waits as long as the server asks for, or a little longer each time where it does not say.
    private func wait(after error: ClientError, attempt: Int) async throws {
        let delay = min(error.retryAfter ?? .seconds(1 << min(attempt - 1, 4)), Self.longestWait)
        try note("The server cannot take more now: \(error.message) Trying again in \(Measures.duration(delay)).")
        try await context.sleep(delay)
    }

    /// Says where to go on, where something has been published before.
    private func stopped(by error: ClientError, at batch: PublishBatch) -> CommandFailure {
        var failure = server.explain(error)
        if summary.total > 0, let line = batch.items.first?.line {
            failure.message +=
                "\nPublished before that: \(summary.text). What begins on line \(line) is not published, or not known to be."
        }
        return failure
    }

    private mutating func mention(
        _ answer: PublishAnswer,
        of batch: PublishBatch,
        _ shape: ItemReader.Shape
    ) throws {
        try mention(
            answer.problems.map { problem in
                guard shape != .document, batch.items.indices.contains(problem.index) else { return problem.reason }
                return Self.place(problem.reason, onLine: batch.items[problem.index].line)
            }
        )
    }

    /// A reason with the line in the input, in place of the line in the request where the server names that.
    private static func place(_ reason: String, onLine line: Int) -> String {
        guard let match = reason.firstMatch(of: /^line \d+(, column \d+: )/) else { return "line \(line): \(reason)" }
        return "line \(line)\(match.1)\(reason[match.range.upperBound...])"
    }

    private mutating func mention(_ problems: [String]) throws {
        for problem in problems {
            mentioned += 1
            if mentioned <= Self.mostMentioned {
                try note(problem)
            } else if mentioned == Self.mostMentioned + 1 {
                try note("There are more; \"martlet quarantine list\" has them all.")
            }
        }
    }

    /// Writes a line to standard error above the progress line.
    private func note(_ text: String) throws {
        try clear()
        try context.note(text)
    }

    private mutating func draw(_ reader: ItemReader) throws {
        let now = context.clock.now()
        guard let width = context.terminal.errorWidth, progress.isDue(at: now) else { return }
        let line = progress.line(bytes: reader.buffer.taken, events: summary.total, now: now, width: width - 1)
        let isColoured = (context.environment["NO_COLOR"] ?? "").isEmpty
        try context.errors(Array("\r\u{1B}[K\(line.render(inColour: isColoured))".utf8))
    }

    /// Takes the progress line away.
    func clear() throws {
        if context.terminal.errorWidth != nil, progress.isDrawn { try context.errors(Array("\r\u{1B}[K".utf8)) }
    }
}
