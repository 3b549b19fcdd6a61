import Logging
import Martlet
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

/// Promise 1, as far as the writer keeps it: answered after the commit, refused rather than held.
@Suite struct IntakeTests {
    private func batch(_ ids: [String], bytes: Int = 2) -> IntakeBatch {
        IntakeBatch(
            source: "s",
            items: ids.map { id in
                let payload = Payload(json: ArraySlice(Array(repeating: UInt8(ascii: "1"), count: bytes)))
                return .event(
                    Event(id: id, source: "/s", type: "t", cloud: "c", topic: Topic(text: "t"), payload: payload),
                    nil
                )
            }
        )
    }

    private func makeIntake(
        _ store: InMemoryEventStore,
        limits: Intake.Limits = Intake.Limits(),
        time: ManualTime = ManualTime()
    ) -> Intake {
        Intake(
            store: store,
            dispatcher: Dispatcher(head: .zero),
            time: time,
            limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func run(_ intake: Intake, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await intake.run() }
            do { try await body() } catch {
                intake.stop()
                throw error
            }
            intake.stop()
            try await group.waitForAll()
        }
    }

    @Test func `batches that wait together are one commit, each with its own receipt`() async throws {
        let store = InMemoryEventStore()
        let intake = makeIntake(store)
        let receipts = try await withThrowingTaskGroup(of: CommitReceipt.self) { group in
            // They are handed over before the writer runs, so that one group takes them all.
            let (answers, answer) = AsyncStream<Result<CommitReceipt, any Error>>.makeStream()
            for number in 1...5 { intake.submit(batch(["\(number)"]), Acknowledgement { answer.yield($0) }) }
            group.addTask {
                await intake.run()
                return CommitReceipt()
            }
            var receipts: [CommitReceipt] = []
            for await result in answers {
                receipts.append(try result.get())
                if receipts.count == 5 { break }
            }
            intake.stop()
            try await group.waitForAll()
            return receipts
        }
        #expect(store.commitCount == 1)
        #expect(receipts.map { $0.lastPosition?.rawValue } == [1, 2, 3, 4, 5])
    }

    @Test func `a full disk refuses, keeps nothing, and recovers without a restart`() async throws {
        let store = InMemoryEventStore()
        let intake = makeIntake(store)
        try await run(intake) {
            store.failure = StoreError(.full, "No space left.")
            await #expect(throws: StoreError.self) { _ = try await intake.submit(batch(["1"])) }
            store.failure = nil
            let receipt = try await intake.submit(batch(["1"]))
            #expect(receipt.lastPosition == Position(rawValue: 1))
        }
        #expect(intake.counters.commits.failed == 1)
    }

    @Test func `more than the bound is refused at once`() async throws {
        var limits = Intake.Limits()
        limits.maximumWaitingBytes = 100
        let intake = makeIntake(InMemoryEventStore(), limits: limits)
        let refusals = Mutex<[String]>([])
        for number in 1...3 {
            intake.submit(
                batch(["\(number)"], bytes: 60),
                Acknowledgement { result in
                    if case .failure(let error as IntakeError) = result {
                        refusals.withLock { $0.append(error.code.rawValue) }
                    }
                }
            )
        }
        #expect(refusals.withLock { $0 } == ["intake.overloaded", "intake.overloaded"])
        try await run(intake) {}
    }

    @Test func `who has waited longer than it wanted to, and is not next, is refused; who has patience stays`()
        async throws
    {
        let time = ManualTime()
        // A disk that hangs, and is in order again.
        let store = InMemoryEventStore { group in
            if group.batches.first?.items.count == 1 { time.advance(by: .seconds(2)) }
        }
        var limits = Intake.Limits()
        limits.maximumGroupEvents = 2
        let intake = makeIntake(store, limits: limits, time: time)
        let answers = Mutex<[String: String]>([:])
        func submit(_ ids: [String], patience: Duration?) {
            let name = ids[0]
            intake.submit(
                batch(ids),
                patience: patience,
                Acknowledgement { result in
                    let answer =
                        switch result {
                        case .success: "committed"
                        case .failure(let error as IntakeError): error.code.rawValue
                        case .failure(let error): "\(error)"
                        }
                    answers.withLock { $0[name] = answer }
                }
            )
        }
        submit(["hangs"], patience: .seconds(1))
        submit(["next", "2"], patience: .seconds(1))
        submit(["third", "2"], patience: .seconds(1))
        submit(["patient", "2"], patience: nil)
        submit(["fourth", "2"], patience: .seconds(1))
        submit(["willing", "2"], patience: .seconds(5))
        try await run(intake) {}
        #expect(
            answers.withLock { $0 } == [
                "hangs": "committed", "next": "committed", "third": "intake.overloaded", "patient": "committed",
                "fourth": "intake.overloaded", "willing": "committed",
            ]
        )
        #expect(intake.expectedWait == .zero, "what was refused counts no more")
    }

    @Test func `what was taken before the stop is committed, what comes after is refused`() async throws {
        let store = InMemoryEventStore()
        let intake = makeIntake(store)
        let isAcknowledged = Mutex(false)
        intake.submit(batch(["1"]), Acknowledgement { if case .success = $0 { isAcknowledged.withLock { $0 = true } } })
        intake.stop()
        await intake.run()
        #expect(isAcknowledged.withLock { $0 })
        await #expect(throws: IntakeError.self) { _ = try await intake.submit(batch(["2"])) }
    }

    @Test func `a cancelled intake commits what it has taken and ends`() async throws {
        let intake = makeIntake(InMemoryEventStore())
        let running = Task { await intake.run() }
        _ = try await intake.submit(batch(["1"]))
        running.cancel()
        await running.value
        await #expect(throws: IntakeError.self) { _ = try await intake.submit(batch(["2"])) }
    }

    @Test func `an acknowledgement that is dropped answers that the intake has stopped`() {
        let isFailed = Mutex(false)
        do {
            let acknowledgement = Acknowledgement { if case .failure = $0 { isFailed.withLock { $0 = true } } }
            _ = consume acknowledgement
        }
        #expect(isFailed.withLock { $0 })
    }
}
