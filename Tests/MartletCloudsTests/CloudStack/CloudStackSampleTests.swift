import Foundation
import Martlet
import MartletJSON
import Testing

/// Bodies with their routing keys as CloudStack publishes them; they are kept outside of the project.
private let samplesPath = ProcessInfo.processInfo.environment["MARTLET_SAMPLES"] ?? "../shared/samples"

@Suite(.enabled(if: FileManager.default.fileExists(atPath: samplesPath + "/cloudstack.json"), "the samples are absent"))
struct CloudStackSampleTests {
    struct Sample: Sendable {
        var name: String
        var key: String?
        var body: String
        var headers: [String: String] = [:]
    }

    /// Every sample's name begins with one of these; the event's category, its type, and its topic's last three words.
    struct Expectation: Sendable {
        var category: Category
        var type: String
        var words: String
        var phase: Phase?
        var outcome: Outcome?
        var isRedacted = false
    }

    static let machine = "VirtualMachine.\(ID.machine)"
    static let start = "VM-START.\(machine)"

    static let expectations: [(name: String, expectation: Expectation)] = [
        ("ActionEvent Scheduled", Expectation(category: .action, type: "VM.START", words: start, phase: .scheduled)),
        ("ActionEvent Started", Expectation(category: .action, type: "VM.START", words: start, phase: .started)),
        (
            "ActionEvent Completed success",
            Expectation(category: .action, type: "VM.START", words: start, phase: .completed, outcome: .success)
        ),
        (
            "ActionEvent Completed FAILURE",
            Expectation(category: .action, type: "VM.START", words: start, phase: .completed, outcome: .failure)
        ),
        (
            "ActionEvent Created",
            Expectation(category: .action, type: "VM.CREATE", words: "VM-CREATE.\(machine)", phase: .created)
        ),
        (
            "ActionEvent with case-colliding",
            Expectation(
                category: .action,
                type: "ACCOUNT.DELETE",
                words: "ACCOUNT-DELETE.Account.\(ID.account)",
                phase: .scheduled
            )
        ),
        (
            "ActionEvent in a project",
            Expectation(category: .action, type: "VM.START", words: start, phase: .completed, outcome: .success)
        ),
        (
            "ActionEvent instantaneous",
            Expectation(
                category: .action,
                type: "USER.LOGIN",
                words: "USER-LOGIN.User.\(ID.user)",
                phase: .completed,
                outcome: .success
            )
        ),
        (
            "UsageEvent VOLUME.CREATE",
            Expectation(category: .usage, type: "VOLUME.CREATE", words: "VOLUME-CREATE.Volume.\(ID.volume)")
        ),
        (
            "UsageEvent NETWORK",
            Expectation(category: .usage, type: "NETWORK.OFFERING.REMOVE", words: "NETWORK-OFFERING-REMOVE.\(machine)")
        ),
        ("AlertEvent", Expectation(category: .alert, type: "ALERT.MEMORY", words: "ALERT-MEMORY.*.*")),
        (
            "ResourceStateEvent VM pre",
            Expectation(category: .state, type: "StartRequested", words: "StartRequested.\(machine)", phase: .started)
        ),
        (
            "ResourceStateEvent VM post",
            Expectation(
                category: .state,
                type: "OperationSucceeded",
                words: "OperationSucceeded.\(machine)",
                phase: .completed
            )
        ),
        (
            "ResourceStateEvent Volume",
            Expectation(
                category: .state,
                type: "OperationSucceeded",
                words: "OperationSucceeded.Volume.\(ID.volume)",
                phase: .completed
            )
        ),
        (
            "ResourceStateEvent Snapshot",
            Expectation(
                category: .state,
                type: "BackupToSecondary",
                words: "BackupToSecondary.Snapshot.d5e6f708-192a-4b3c-84d5-e6f708192a08",
                phase: .completed
            )
        ),
        (
            "ResourceStateEvent Network",
            Expectation(
                category: .state,
                type: "ImplementNetwork",
                words: "ImplementNetwork.Network.e6f70819-2a3b-4c4d-95e6-f708192a3b09",
                phase: .completed
            )
        ),
        (
            "AsyncJobEvent submit",
            Expectation(category: .job, type: "submit", words: "submit.\(machine)", phase: .scheduled)
        ),
        (
            "AsyncJobEvent complete with",
            Expectation(
                category: .job,
                type: "complete",
                words: "complete.\(machine)",
                phase: .completed,
                outcome: .success
            )
        ),
        (
            "AsyncJobEvent complete (<=4.15",
            Expectation(
                category: .job,
                type: "complete",
                words: "complete.\(machine)",
                phase: .completed,
                outcome: .success,
                isRedacted: true
            )
        ),
        (
            "Contrail",
            Expectation(
                category: .action,
                type: "VM.START",
                words: "VM-START.VirtualMachine.*",
                phase: .completed,
                outcome: .success
            )
        ),
        ("EventDistributor boot", Expectation(category: .other, type: "starting", words: "starting.server.*")),
        (
            "Webhook delivery",
            Expectation(category: .action, type: "VM.START", words: start, phase: .completed, outcome: .success)
        ),
        ("Webhook test", Expectation(category: .other, type: "TEST.WEBHOOK", words: "TEST-WEBHOOK.*.*")),
        (
            "listEvents row",
            Expectation(category: .action, type: "VM.START", words: start, phase: .completed, outcome: .success)
        ),
    ]

    static func samples() throws -> [Sample] {
        let bytes = Array(try Data(contentsOf: URL(filePath: samplesPath + "/cloudstack.json")))[...]
        return try JSONDocument(parsing: bytes).root.elements.map { entry in
            let request = entry["httpRequest"]
            var headers: [String: String] = [:]
            for header in request?["headers"].map({ Array($0.members) }) ?? [] {
                headers[header.key.lowercased()] = header.value.string
            }
            return Sample(
                name: try #require(entry["name"]?.string),
                key: entry["amqpRoutingKey"]?.string,
                body: text((request?["body"] ?? entry["body"])?.bytes) ?? "null",
                headers: headers
            )
        }
    }

    @Test func `every sample decodes to what it says`() throws {
        let samples = try CloudStackSampleTests.samples()
        #expect(samples.count == 24)
        for sample in samples {
            let expected = try #require(
                CloudStackSampleTests.expectations.first { sample.name.hasPrefix($0.name) }?.expectation,
                "\(sample.name)"
            )
            let event = try decode(sample.body, key: sample.key, headers: sample.headers)
            #expect(event.category == expected.category, "\(sample.name)")
            #expect(event.type == "org.apache.cloudstack.\(expected.type)", "\(sample.name)")
            #expect(event.topic.words.suffix(3).joined(separator: ".") == expected.words, "\(sample.name)")
            #expect(event.fields.phase == expected.phase, "\(sample.name)")
            #expect(event.fields.outcome == expected.outcome, "\(sample.name)")
            #expect(event.fields.isRedacted == expected.isRedacted, "\(sample.name)")
            #expect(!event.fields.isImpossibleTransition, "\(sample.name)")
            if !expected.isRedacted { #expect(text(event.payload.original) == sample.body, "\(sample.name)") }
        }
    }

    @Test func `without its routing key a sample keeps category and resource, but for the boot`() throws {
        for sample in try CloudStackSampleTests.samples() where sample.key != nil && sample.body != "null" {
            let withKey = try decode(sample.body, key: sample.key)
            let without = try decode(sample.body)
            #expect(without.category == withKey.category, "\(sample.name)")
            #expect(without.resource == withKey.resource, "\(sample.name)")
            #expect(without.fields.outcome == withKey.fields.outcome, "\(sample.name)")
        }
    }
}
