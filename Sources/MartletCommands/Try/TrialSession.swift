import Martlet
import MartletGateway
import MartletPipeline

/// Runs a trial and shows what it finds, until it ends or there is no way in.
struct TrialSession: Sendable {
    /// How long one look waits for news.
    private static let longestWait = Duration.milliseconds(200)

    let trial: Trial
    let limits: TrialWatch.Limits
    let stop: StopRequest
    let colour: ColourMode
    let context: CommandContext
    var height: Int?

    /// - Throws: ``CommandFailure`` `.unreachable` where there is no way in, or none any more at the end.
    func run() async throws {
        for warning in trial.warnings { try context.note(warning) }
        do {
            try await trial.run { running in
                var look = TrialLook(session: self, running: running)
                try await look.run()
            }
        } catch let error as ComponentError {
            throw CommandFailure("The address cannot be used: \(error).", status: .usage)
        } catch let error as StoreError {
            throw CommandFailure("The temporary store failed: \(error.reason)")
        } catch let error as GatewayError {
            throw CommandFailure(error.description)
        }
    }

    /// What the user reads of a problem: what, where, and what would mend it.
    static func failure(_ problem: SourceMonitor.Problem) -> CommandFailure {
        CommandFailure("\(problem.what)\n\(problem.place)\n\(problem.remedy)", status: .unreachable)
    }

    /// One look after the other at what has come.
    private struct TrialLook {
        let session: TrialSession
        let running: RunningTrial
        private var counts = TrialCounts()
        private var rate = TrialRate()
        private var watch: TrialWatch
        private var screen: TrialScreen
        private var drawn: Timestamp?

        init(session: TrialSession, running: RunningTrial) {
            self.session = session
            self.running = running
            let trial = session.trial
            watch = TrialWatch(place: trial.place, start: trial.time.now, limits: session.limits)
            screen = TrialScreen(context: session.context, colour: session.colour)
        }

        mutating func run() async throws {
            while true {
                try await count()
                let now = session.trial.time.now
                rate.note(counts.events, at: now)
                switch watch.decide(try await look(at: now)) {
                case .goOn: break
                case .advise: try await advise()
                case .end(let ending): return try finish(ending, at: now)
                case .fail(let problem): return try fail(problem, at: now)
                }
                try show(at: now)
                await running.waitForMore(after: counts.position, atMost: TrialSession.longestWait)
            }
        }

        /// Takes one page of what has come, so that a look is never far away.
        private mutating func count() async throws {
            var page = try await running.events(after: counts.position)
            if let limit = session.limits.events { page = Array(page.prefix(max(0, limit - counts.events))) }
            counts.add(page)
            if running.counts.quarantined > counts.unreadable {
                counts.add(try await running.unreadable(after: counts.quarantineID))
            }
        }

        private func look(at now: Timestamp) async throws -> TrialWatch.Look {
            TrialWatch.Look(
                now: now,
                events: counts.events,
                unreadable: counts.unreadable,
                storeBytes: try await running.storeBytes(),
                source: running.source,
                isStopRequested: session.stop.isMade
            )
        }

        private mutating func advise() async throws {
            let advice = TrialAdvice(
                transport: session.trial.transport,
                source: running.source,
                findings: await session.trial.findings(),
                width: session.context.terminal.outputWidth
            )
            try screen.print(advice.lines + [StyledText()])
        }

        private mutating func show(at now: Timestamp) throws {
            let interval = screen.isLive ? TrialScreen.interval : TrialScreen.lineInterval
            // The first line elsewhere waits for its turn: there is nothing to tell yet.
            let last = drawn ?? (screen.isLive ? nil : watch.start)
            guard last.map({ now - $0 >= interval || now < $0 }) ?? true else { return }
            drawn = now
            if screen.isLive { try screen.draw(page(at: now).lines) } else { try screen.note(page(at: now).line) }
        }

        private func page(at now: Timestamp, isLast: Bool = false) -> TrialPage {
            TrialPage(
                place: session.trial.place,
                transport: session.trial.transport,
                elapsed: now - watch.start,
                counts: counts,
                perSecond: isLast ? average(at: now) : rate.perSecond,
                isLast: isLast,
                duplicates: running.counts.duplicates,
                source: running.source,
                clock: session.context.clock,
                width: session.context.terminal.outputWidth,
                // The line below the page, where the cursor stands, is one of the terminal's too.
                height: isLast ? nil : session.height.map { $0 - 1 }
            )
        }

        private func average(at now: Timestamp) -> Double? {
            let seconds = (now - watch.start).inSeconds
            return seconds >= 1 ? Double(counts.events) / seconds : nil
        }

        private mutating func finish(_ ending: TrialWatch.Ending, at now: Timestamp) throws {
            try screen.print(
                page(at: now, isLast: true).lines + [StyledText()] + TrialEnding(ending, counts, session.limits).lines
            )
        }

        /// What has been seen is shown all the same.
        private mutating func fail(_ problem: SourceMonitor.Problem, at now: Timestamp) throws {
            try screen.print(counts.events > 0 ? page(at: now, isLast: true).lines : [])
            throw TrialSession.failure(problem)
        }
    }
}
