import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// From bytes to an event with its facts, against the bare parse.
enum DecodingBenchmark {
    static func run() async throws {
        Report.heading("Decoding a CloudStack event of \(SampleEvents.size) bytes (goal 2 µs)")
        let count = 200_000
        let bodies = (0..<1_000).map { SampleEvents.action(resource: $0)[...] }
        let topics = (0..<1_000).map { SampleEvents.topic(resource: $0) }
        let bare = try await Measurement.of(events: count) {
            for index in 0..<count { _ = try JSONDocument(parsing: bodies[index % 1_000]) }
        }
        let format = CloudStackFormat()
        let origin = Origin(sourceName: "bench")
        let event = try await Measurement.of(events: count) {
            for index in 0..<count {
                let bytes = bodies[index % 1_000]
                let json = try JSONDocument(parsing: bytes).root
                _ = try format.decode(
                    Message(bytes: bytes, json: json, routingKey: topics[index % 1_000]),
                    from: origin
                )
            }
        }
        let decoder = CloudStackDecoder()
        let facts = try await Measurement.of(events: count) {
            for index in 0..<count {
                let bytes = bodies[index % 1_000]
                let json = try JSONDocument(parsing: bytes).root
                _ = try decoder.decode(
                    Message(bytes: bytes, json: json, routingKey: topics[index % 1_000]),
                    from: origin
                )
            }
        }
        Report.line("parse alone", Report.microseconds(bare.microsecondsOfCPU))
        Report.line(
            "event",
            Report.microseconds(event.microsecondsOfCPU),
            Report.ratio(event.cpu / bare.cpu, "the parse")
        )
        Report.line(
            "event and what it tells the index",
            Report.microseconds(facts.microsecondsOfCPU),
            Report.ratio(facts.cpu / bare.cpu, "the parse")
        )
    }
}
