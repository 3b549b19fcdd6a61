import Martlet
import MartletPipeline
import Testing

@testable import MartletCommands

struct TrialWatchTests {
    private static let problem = SourceMonitor.Problem(
        "the broker refuses the user",
        at: "amqp://mq1:5672/",
        remedy: "check"
    )

    private func watch(_ limits: TrialWatch.Limits = TrialWatch.Limits()) -> TrialWatch {
        TrialWatch(place: "amqp://mq1:5672/", start: testTime, limits: limits)
    }

    private func look(
        _ seconds: Double,
        _ state: SourceMonitor.State,
        events: Int = 0,
        _ change: (inout TrialWatch.Look) -> Void = { _ in }
    ) -> TrialWatch.Look {
        var look = TrialWatch.Look(
            now: testTime + .seconds(seconds),
            source: snapshot(state, problem: Self.problem)
        )
        look.events = events
        change(&look)
        return look
    }

    @Test func `a source that never ran may fail for a moment, and no longer`() {
        var watch = watch()
        let decisions = [0, 1, 2.9, 3].map { watch.decide(look($0, .failing)) }
        #expect(decisions == [.goOn, .goOn, .goOn, .fail(Self.problem)])
    }

    @Test func `a host that answers after another one failed is in time`() {
        var watch = watch()
        let decisions = [
            watch.decide(look(0, .failing)), watch.decide(look(2, .starting)), watch.decide(look(4, .failing)),
            watch.decide(look(6, .running)), watch.decide(look(9, .failing)), watch.decide(look(9.9, .failing)),
        ]
        #expect(decisions == Array(repeating: .goOn, count: 6))
    }

    @Test func `a broker that never answers has thirty seconds`() {
        var watch = watch()
        #expect(watch.decide(look(29, .starting)) == .advise)
        guard case .fail(let problem) = watch.decide(look(30, .starting)) else {
            Issue.record("it goes on")
            return
        }
        #expect(problem.place == "amqp://mq1:5672/")
    }

    @Test func `after ten silent seconds it advises once`() {
        var watch = watch()
        let decisions = [9.9, 10, 11, 60].map { watch.decide(look($0, .running)) }
        #expect(decisions == [.goOn, .advise, .goOn, .goOn])
    }

    @Test func `nothing is advised where something has come`() {
        var watch = watch()
        #expect(watch.decide(look(10, .running, events: 1)) == .goOn)
        var another = self.watch()
        #expect(another.decide(look(10, .running) { $0.unreadable = 1 }) == .goOn)
    }

    @Test func `it ends at each of its bounds`() {
        var limits = TrialWatch.Limits(duration: .seconds(60), events: 100)
        limits.bytes = 1_000
        let ends: [(TrialWatch.Look, TrialWatch.Decision)] = [
            (look(59.9, .running, events: 99) { $0.storeBytes = 999 }, .goOn),
            (look(60, .running, events: 1), .end(.duration)),
            (look(1, .running, events: 100), .end(.events)),
            (look(1, .running, events: 1) { $0.storeBytes = 1_000 }, .end(.space)),
            (look(1, .running) { $0.isStopRequested = true }, .end(.stopped)),
        ]
        for (look, decision) in ends {
            var watch = watch(limits)
            #expect(watch.decide(look) == decision)
        }
    }

    @Test func `a trial that never got in has failed at its end, unless the user stopped it`() {
        var watch = watch(TrialWatch.Limits(duration: .seconds(2)))
        #expect(watch.decide(look(2, .failing)) == .fail(Self.problem))
        var stopped = self.watch()
        #expect(stopped.decide(look(1, .starting) { $0.isStopRequested = true }) == .end(.stopped))
    }

    @Test func `one that got in and lost the broker says so only where it has nothing to show`() {
        var watch = watch(TrialWatch.Limits(duration: .seconds(20)))
        _ = watch.decide(look(1, .running))
        #expect(watch.decide(look(10, .failing, events: 5)) == .goOn)
        #expect(watch.decide(look(20, .failing, events: 5)) == .end(.duration))
        var empty = self.watch(TrialWatch.Limits(duration: .seconds(20)))
        _ = empty.decide(look(1, .running))
        #expect(empty.decide(look(20, .failing)) == .fail(Self.problem))
    }
}
