import Dispatch
import Synchronization

/// Runs tasks one job at a time, in an order that depends on nothing but what they do.
///
/// While a call to the store is under way, which happens on threads of the store's own, only what continues that call is
/// run; so the order is the same however long it takes. It can be told to stand still after a number of jobs: that is where
/// a crash cuts.
final class SteppedExecutor: TaskExecutor {
    private enum Work {
        case job(UnownedJob)
        /// Somebody lets others go first.
        case turn(CheckedContinuation<Void, Never>)
    }

    private struct State {
        var jobs: [Work] = []
        /// What has come since a call to the store began: the rest of that call.
        var answers: [Work] = []
        var callsUnderWay = 0
        var isRunning = false
        /// Jobs that may still be run; `nil` for any number.
        var allowance: Int?
        var waiters: [CheckedContinuation<Void, Never>] = []

        mutating func next() -> Work? {
            if !answers.isEmpty { return answers.removeFirst() }
            guard callsUnderWay == 0, !jobs.isEmpty, allowance != 0 else { return nil }
            allowance = allowance.map { $0 - 1 }
            return jobs.removeFirst()
        }
    }

    private let queue = DispatchQueue(label: "martlet.model")
    private let state = Mutex(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = Work.job(UnownedJob(job))
        state.withLock { state in
            if state.callsUnderWay > 0 { state.answers.append(job) } else { state.jobs.append(job) }
            start(&state)
        }
    }

    /// Lets everything that can go on by itself do so first. (`Task.yield()` goes by way of the global executor.)
    func yield() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.jobs.append(.turn(continuation))
                start(&state)
            }
        }
    }

    /// Has everything but this call's own continuations wait; called on this executor.
    func beginCall() { state.withLock { $0.callsUnderWay += 1 } }

    func endCall() {
        state.withLock { state in
            state.callsUnderWay -= 1
            guard state.callsUnderWay == 0 else { return }
            state.jobs = state.answers + state.jobs
            state.answers = []
        }
    }

    /// Stands still when so many more jobs have been run, and goes on with `nil`.
    func allow(_ jobs: Int?) {
        state.withLock { state in
            state.allowance = jobs
            start(&state)
        }
    }

    /// Returns when no task can go on by itself, or when it stands still.
    func quiet() async {
        await withCheckedContinuation { continuation in
            let isQuiet = state.withLock { state in
                if state.isRunning || state.callsUnderWay > 0 {
                    state.waiters.append(continuation)
                    return false
                }
                return true
            }
            if isQuiet { continuation.resume() }
        }
    }

    private func start(_ state: inout State) {
        guard !state.isRunning else { return }
        state.isRunning = true
        queue.async { [self] in run() }
    }

    private func run() {
        while true {
            let (job, waiters) = state.withLock { state -> (Work?, [CheckedContinuation<Void, Never>]) in
                if let job = state.next() { return (job, []) }
                state.isRunning = false
                guard state.callsUnderWay == 0 else { return (nil, []) }
                defer { state.waiters = [] }
                return (nil, state.waiters)
            }
            switch job {
            case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
            case .turn(let continuation): continuation.resume()
            case nil:
                for waiter in waiters { waiter.resume() }
                return
            }
        }
    }
}
