import CBareClients
import Foundation

// Times are CPU of the process named, per event; the machines are noisy, so compare within one run.
//
//     benchmarks [BINARY [PART…]]     all parts, or some; without a release binary of Martlet only what runs in this process
//     benchmarks bare …               what a broker's library does alone, in a process of its own
//     benchmarks receive              the receiver of the OpenStack part, in a process of its own

if CommandLine.arguments.dropFirst().first == BareClient.command {
    exit(bareClient(CommandLine.argc - 2, CommandLine.unsafeArgv + 2))
}

if CommandLine.arguments.dropFirst().first == EventReceiver.command { exit(bareReceiver(EventReceiver.mark)) }

let binary = CommandLine.arguments.dropFirst().first
let parts = Set(CommandLine.arguments.dropFirst(2))
let known: Set = ["decoding", "routing", "intake", "forwarders", "server", "brokers", "openstack"]
if let unknown = parts.subtracting(known).sorted().first {
    print("There is no part \(unknown) to measure, but \(known.sorted().joined(separator: ", ")).")
    exit(64)
}

let wanted = parts.isEmpty ? known : parts
if wanted.contains("decoding") {
    try await DecodingBenchmark.run()
    try await OsloDecodingBenchmark.run()
}
if wanted.contains("routing") { try await RoutingBenchmark.run() }
if wanted.contains("intake") { try await IntakeBenchmark.run() }
if wanted.contains("forwarders") { try await ForwardersBenchmark.run() }
if let binary {
    if wanted.contains("server") { try await ServerBenchmarks.run(binary: binary) }
    if wanted.contains("brokers") { try await BrokerBenchmarks.run(binary: binary) }
    if wanted.contains("openstack") { try await OpenStackBenchmark.run(binary: binary) }
} else {
    print("\nGive the path of a release binary to measure the server as well: make bench does.")
}
