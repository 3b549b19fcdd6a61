import Foundation

/// What it took a program to bring events to the receiver.
struct Forwarding {
    var measurement: Measurement
    /// Events in a request, on average.
    var eventsARequest: Double
    /// How much of a processor the receiver used: far from 1 it was not what others waited for.
    var receiverShare: Double

    /// Waits until so many events have come. The clock starts with the first of them, as starting is not what is measured.
    ///
    /// - Parameters:
    ///   - cpu: the program's CPU so far.
    ///   - isFromStart: whether all its CPU counts, or what it used from the first event on.
    static func measure(
        _ events: Int,
        at receiver: EventReceiver,
        cpu: () -> Double,
        isFromStart: Bool
    ) async throws -> Forwarding {
        let cpuAtStart = cpu()
        var count = try await receiver.count()
        let begin = Measurement.now()
        while count.events == 0 {
            guard Measurement.now() - begin < 120 else { throw BenchmarkError("Nothing has come in two minutes.") }
            try await Task.sleep(for: .milliseconds(5))
            count = try await receiver.count()
        }
        let (first, start) = (count, Measurement.now())
        let (cpuAtFirst, receiverAtFirst) = (cpu(), receiver.process.cpu)
        guard first.events < events else { throw BenchmarkError("All came at once.") }
        var end = start
        while count.events < events {
            try await Task.sleep(for: .milliseconds(20))
            let next = try await receiver.count()
            if next.events > count.events { end = Measurement.now() }
            count = next
            guard Measurement.now() - end < 60 else {
                throw BenchmarkError("Nothing has come for a minute after \(count.events) of \(events) events.")
            }
        }
        let measured = count.events - first.events
        let used =
            isFromStart
            ? (cpu() - cpuAtStart) * Double(measured) / Double(count.events) : cpu() - cpuAtFirst
        return Forwarding(
            measurement: Measurement(events: measured, wall: end - start, cpu: used),
            eventsARequest: Double(count.events) / Double(count.requests),
            receiverShare: (receiver.process.cpu - receiverAtFirst) / (end - start)
        )
    }
}
