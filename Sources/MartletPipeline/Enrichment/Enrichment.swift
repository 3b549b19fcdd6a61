package import Logging
package import Martlet
import MartletClouds
import Synchronization

/// Fetches what the index lacks from the clouds' APIs into the index, after the commit.
///
/// Nothing waits for it but a forwarder that is configured to, and that one for a bounded time. A resource is asked for when an
/// event speaks of it for the first time, when one says that it has changed, and when another resource that was asked for is
/// tied to it; none of them again before its cache's lifetime is over, unless it has changed. What cannot be found out now is
/// asked again a few times; the resource is marked until then.
package final class Enrichment: Sendable {
    private struct Waiter {
        var subjects: [ResourceSubject: Position]
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var lookups: [LookupTable] = []
        var chains: [String: EnrichmentChain] = [:]
        /// Questions under way to clouds that nobody asks any more.
        var leftOver: [String: Int] = [:]
        /// Those that no configuration names any more and that are not told so yet.
        var retired: [EnrichmentMember] = []
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0

        func isPending(_ subject: ResourceSubject, at position: Position) -> Bool {
            chains[subject.cloud]?.queue.isPending(subject, at: position) ?? false
        }

        /// Takes out those who wait for nothing any more.
        mutating func takeSettled() -> [Waiter] {
            let settled = waiters.filter { waiter in
                !waiter.value.subjects.contains { isPending($0.key, at: $0.value) }
            }
            for id in settled.keys { waiters[id] = nil }
            return Array(settled.values)
        }
    }

    private static let firstDelay = Duration.seconds(2)
    private static let longestDelay = Duration.seconds(120)

    let store: any EventStore
    let time: any TimeSource
    private let logger: Logger
    private let state = Mutex(State())
    let names = Mutex(NameCache())
    private let doorbell = Doorbell()

    package init(store: any EventStore, time: any TimeSource, logger: Logger) {
        self.store = store
        self.time = time
        self.logger = logger
    }

    /// Has these enrichers ask from now on, in this order within each cloud; what waits goes on waiting. Those that are not
    /// among them any more are closed when what they are doing has ended.
    package func configure(_ members: [EnrichmentMember]) {
        state.withLock { state in
            let former = state.chains
            state.retired += former.values.flatMap(\.members).filter { old in !members.contains { $0.use === old.use } }
            state.chains = Dictionary(grouping: members, by: \.enricher.cloud).mapValues(EnrichmentChain.init)
            for (cloud, chain) in former where state.chains[cloud] != nil {
                state.chains[cloud]?.queue = chain.queue
                state.chains[cloud]?.inFlight = chain.inFlight
            }
            for (cloud, chain) in former where state.chains[cloud] == nil && chain.inFlight > 0 {
                state.leftOver[cloud] = chain.inFlight
            }
            for cloud in state.chains.keys {
                if let count = state.leftOver.removeValue(forKey: cloud) { state.chains[cloud]?.inFlight = count }
            }
        }
        doorbell.ring()
    }

    /// Has these enrichers ask, and these tables be joined, from now on; where several tables have a column the first counts.
    package func configure(_ parts: [EnrichmentPart]) {
        state.withLock { $0.lookups = parts.compactMap(\.table) }
        configure(parts.compactMap(\.member))
    }

    /// Those who ask for resources of this cloud, or of any where none is named, in their order.
    func members(of cloud: String?) -> [EnrichmentMember] {
        state.withLock { state in
            state.chains.sorted { $0.key < $1.key }.filter { cloud == nil || $0.key == cloud }.flatMap(\.value.members)
        }
    }

    var lookups: [LookupTable] { state.withLock { $0.lookups } }

    /// Whether somebody can ask for resources of this type in this cloud.
    package func covers(_ subject: ResourceSubject) -> Bool {
        state.withLock { $0.chains[subject.cloud]?.knows(subject.resource.type) ?? false }
    }

    func hasEnrichers(for cloud: String) -> Bool { state.withLock { $0.chains[cloud] != nil } }

    /// Whether the index has what can be found out of a resource; `nil` where nothing can.
    func state(of record: ResourceRecord) -> ResourceContext.Enrichment? {
        let resource = ResourceReference(type: record.type, id: record.id)
        return state.withLock { state in
            guard let chain = state.chains[record.cloud], chain.knows(record.type) else { return nil }
            let subject = ResourceSubject(cloud: record.cloud, resource: resource)
            return record.enriched == nil || chain.queue.isOwed(subject) ? .partial : .complete
        }
    }

    package var statuses: [EnricherStatus] {
        state.withLock { state in
            state.chains.values.flatMap { chain in
                chain.members.indices.map { index in
                    var status = chain.statuses[index]
                    status.warning = chain.members[index].enricher.warning
                    status.waiting = chain.queue.waitingCount
                    status.dropped = chain.queue.dropped
                    status.pausedUntil = chain.breakers[index].openUntil
                    return status
                }
            }
        }.sorted { ($0.cloud, $0.name) < ($1.cloud, $1.name) }
    }

    /// Takes what has been committed, before the forwarders do.
    package func consider(_ events: [StoredEvent]) {
        let now = time.now
        let isNews = state.withLock { state in
            guard !state.chains.isEmpty else { return false }
            var isNews = false
            for stored in events {
                // What a sync has found has just been asked for.
                guard !stored.event.isSync, let subject = ResourceSubject(stored.event),
                    state.chains[subject.cloud]?.knows(subject.resource.type) == true
                else { continue }
                let isNew =
                    state.chains[subject.cloud]?.queue.ask(
                        for: subject,
                        at: stored.position,
                        isChange: stored.saysOfChange,
                        now: now
                    ) ?? false
                isNews = isNews || isNew
            }
            return isNews
        }
        if isNews { doorbell.ring() }
    }

    /// Returns when these resources have been asked for as far as events up to these positions want it, when asking has failed,
    /// or when time is up.
    package func settle(_ subjects: [ResourceSubject: Position], atMost patience: Duration) async {
        let isPending = state.withLock { state in subjects.contains { state.isPending($0.key, at: $0.value) } }
        guard isPending else { return }
        await withTaskGroup { group in
            group.addTask { await self.settle(subjects) }
            // A cancelled sleep is the answer that came first, or the caller's own cancellation.
            group.addTask { [time] in try? await time.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func settle(_ subjects: [ResourceSubject: Position]) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // Asked within the lock: a cancellation from now on finds the waiter.
                    if Task.isCancelled { return true }
                    guard subjects.contains(where: { state.isPending($0.key, at: $0.value) }) else { return true }
                    state.waiters[id] = Waiter(subjects: subjects, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}

// MARK: - Asking

extension Enrichment {
    /// Asks until the task is cancelled.
    package func run(submittingTo intake: Intake) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let now = time.now
                while let question = nextQuestion(now: now) {
                    group.addTask { await self.ask(question, intake) }
                }
                for member in takeRetired() { group.addTask { await member.use.retire() } }
                await doorbell.wait(atMost: patience(since: now), time: time)
            }
            group.cancelAll()
        }
        let members = state.withLock { $0.chains.values.flatMap(\.members) } + takeRetired()
        for member in members { await member.use.retire() }
    }

    private func takeRetired() -> [EnrichmentMember] {
        state.withLock { state in
            defer { state.retired = [] }
            return state.retired
        }
    }

    private func patience(since now: Timestamp) -> Duration? {
        let wake = state.withLock { state in
            state.chains.values.lazy.filter { $0.inFlight < $0.concurrency }.compactMap(\.queue.wakeTime).min()
        }
        return wake.map { max($0 - now, .milliseconds(10)) }
    }

    private func nextQuestion(now: Timestamp) -> EnrichmentQueue.Question? {
        state.withLock { state in
            for cloud in state.chains.keys {
                guard let chain = state.chains[cloud], chain.inFlight < chain.concurrency,
                    let question = state.chains[cloud]?.queue.next(now: now)
                else { continue }
                state.chains[cloud]?.inFlight += 1
                return question
            }
            return nil
        }
    }

    private func ask(_ question: EnrichmentQueue.Question, _ intake: Intake) async {
        // Taken together: none of them is closed before the last one has answered.
        let members = state.withLock { state in
            let members = state.chains[question.subject.cloud]?.members ?? []
            for member in members { member.use.begin() }
            return members
        }
        let outcome = await outcome(of: question, by: members, intake)
        for member in members { await member.use.end() }
        let now = time.now
        let settled = state.withLock { state -> [Waiter] in
            let cloud = question.subject.cloud
            guard state.chains[cloud] != nil else {
                state.leftOver[cloud] = state.leftOver[cloud].flatMap { $0 > 1 ? $0 - 1 : nil }
                return []
            }
            state.chains[cloud]?.inFlight -= 1
            switch outcome {
            case .answered(let asked, let related):
                let lifetime = state.chains[cloud]?.lifetime ?? .zero
                state.chains[cloud]?.queue.answer(question, asked: asked, freshFor: lifetime, now: now)
                for subject in related where state.chains[cloud]?.knows(subject.resource.type) == true {
                    _ = state.chains[cloud]?.queue.ask(for: subject, at: asked, isChange: false, now: now)
                }
            case .failed:
                let delay = min(Self.firstDelay * (1 << min(question.attempts, 10)), Self.longestDelay)
                state.chains[cloud]?.queue.fail(question, again: now + delay)
            case .notAsked(let due):
                state.chains[cloud]?.queue.postpone(question, until: due)
            }
            return state.takeSettled()
        }
        for waiter in settled { waiter.continuation.resume() }
        doorbell.ring()
    }

    private enum Outcome {
        /// The index knows it; what it is tied to and is not known by name.
        case answered(asked: Position, related: [ResourceSubject])
        case failed
        case notAsked(until: Timestamp)
    }

    private func outcome(
        of question: EnrichmentQueue.Question,
        by members: [EnrichmentMember],
        _ intake: Intake
    ) async -> Outcome {
        let subject = question.subject
        do {
            let record = try await store.resources(
                type: subject.resource.type,
                id: subject.resource.id,
                cloud: subject.cloud
            ).first
            let asked = max(record?.latest ?? .zero, question.position)
            if isEnough(record, for: question) { return .answered(asked: asked, related: []) }
            var (facts, isComplete, wasAsked) = (ResourceFacts?.none, true, false)
            for (index, member) in members.enumerated() where member.enricher.knows(subject.resource.type) {
                guard mayAsk(subject.cloud, index) else {
                    isComplete = false
                    continue
                }
                wasAsked = true
                guard let answer = await ask(member, index, of: subject) else {
                    isComplete = false
                    continue
                }
                // The earlier one's word counts.
                if let found = answer.facts { facts = facts?.filled(from: found) ?? found }
            }
            if let facts {
                let knowledge = ResourceKnowledge(
                    subject: subject,
                    facts: facts,
                    asked: asked,
                    isChange: question.isChanged
                )
                _ = try await intake.submit(IntakeBatch(knowledge: [knowledge]))
                names.withLock { $0.forget(subject) }
            }
            if isComplete { return .answered(asked: asked, related: facts?.related(in: subject.cloud) ?? []) }
            guard wasAsked else {
                let due = state.withLock {
                    $0.chains[subject.cloud]?.pause(for: subject.resource.type, now: time.now)
                }
                return .notAsked(until: due ?? time.now + Self.firstDelay)
            }
            return .failed
        } catch {
            logger.error(
                "What an enricher found could not be stored; it is asked again.",
                metadata: ["resource": "\(subject.resource)", "cloud": "\(subject.cloud)", "error": "\(error)"]
            )
            return .failed
        }
    }

    /// Whether the index knows enough already: it is gone, or was asked for a short while ago and nothing has changed.
    private func isEnough(_ record: ResourceRecord?, for question: EnrichmentQueue.Question) -> Bool {
        guard let record else { return false }
        if record.deleted != nil { return true }
        guard !question.isChanged, let enriched = record.enriched else { return false }
        let lifetime = state.withLock { $0.chains[question.subject.cloud]?.lifetime ?? .zero }
        return time.now - enriched < lifetime
    }

    private func mayAsk(_ cloud: String, _ index: Int) -> Bool {
        let now = time.now
        return state.withLock { state in
            guard let chain = state.chains[cloud], chain.breakers.indices.contains(index) else { return false }
            let mayAsk = state.chains[cloud]?.breakers[index].mayAsk(now: now) ?? false
            if mayAsk { state.chains[cloud]?.statuses[index].asked += 1 }
            return mayAsk
        }
    }

    private struct Answer: Sendable {
        /// `nil` where the origin does not know the resource.
        var facts: ResourceFacts?
    }

    /// Asks one enricher; `nil` where it did not answer.
    private func ask(_ member: EnrichmentMember, _ index: Int, of subject: ResourceSubject) async -> Answer? {
        let timeout = member.policy.timeout
        let result = await withTaskGroup(of: Result<Answer, any Error>?.self) { group in
            group.addTask {
                do {
                    return .success(Answer(facts: try await member.enricher.facts(of: subject.resource)))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask { [time] in
                do {
                    try await time.sleep(for: timeout)
                    return .failure(EnricherError("There was no answer within \(timeout)."))
                } catch {
                    // The answer came first, or the caller was cancelled.
                    return nil
                }
            }
            var result: Result<Answer, any Error>?
            for await next in group {
                result = next
                break
            }
            group.cancelAll()
            return result
        }
        let isCancelled = Task.isCancelled
        let now = time.now
        return state.withLock { state -> Answer? in
            guard var chain = state.chains[subject.cloud], chain.breakers.indices.contains(index) else { return nil }
            defer { state.chains[subject.cloud] = chain }
            switch result {
            case .success(let answer)?:
                chain.breakers[index].succeed()
                if answer.facts == nil { chain.statuses[index].unknown += 1 } else { chain.statuses[index].found += 1 }
                return answer
            case .failure(let error)? where !isCancelled:
                let wasOpen = chain.breakers[index].openUntil != nil
                chain.breakers[index].fail(now: now, retryAfter: (error as? EnricherError)?.retryAfter)
                chain.statuses[index].failed += 1
                chain.statuses[index].lastError = "\(error)"
                if !wasOpen, chain.breakers[index].openUntil != nil {
                    logger.error(
                        "An enricher does not answer; it is left alone for a while, and events go on without it.",
                        metadata: ["enricher": "\(member.name)", "cloud": "\(subject.cloud)", "error": "\(error)"]
                    )
                }
                return nil
            default:
                chain.breakers[index].withdraw()
                return nil
            }
        }
    }
}

extension StoredEvent {
    /// Whether the resource may be another than before: something was completed, and did not fail. Usage only counts.
    fileprivate var saysOfChange: Bool {
        let fields = event.fields
        if fields.category == .usage || fields.category == .alert { return false }
        return (fields.phase == nil || fields.phase == .completed) && fields.outcome != .failure
    }
}
