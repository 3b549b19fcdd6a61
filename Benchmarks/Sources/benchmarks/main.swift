import Foundation

// Times are CPU of the process named, per event; the machines are noisy, so compare within one run.
try await DecodingBenchmark.run()
try await RoutingBenchmark.run()
try await IntakeBenchmark.run()
if CommandLine.arguments.count > 1 {
    try await ServerBenchmarks.run(binary: CommandLine.arguments[1])
} else {
    print("\nGive the path of a release binary to measure the server as well: make bench does.")
}
