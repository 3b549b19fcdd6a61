import Foundation
import Martlet

/// The versions of this program and of what it is made with.
struct ProgramSection {
    let environment: [String: String]

    var section: DoctorReport.Section {
        let libraries = Self.libraries.map { name, symbol in (name: name, value: Self.version(symbol)) }
        return DoctorReport.Section(
            "This program",
            table: [
                (name: "martlet", value: Release.version),
                (name: "Swift", value: Self.compiler),
                (name: "architecture", value: Self.architecture),
                (name: "file", value: Self.file),
            ] + libraries + [
                (name: "environment", value: variables)
            ]
        )
    }

    /// Asked of the libraries that are loaded, by name: what was compiled against may be another version, and none of their
    /// modules has to be imported here for it.
    private static let libraries = [
        ("librdkafka", "rd_kafka_version_str"), ("rabbitmq-c", "amqp_version"), ("libcurl", "curl_version"),
        ("SQLite", "sqlite3_libversion"), ("glibc", "gnu_get_libc_version"),
    ]

    private static func version(_ symbol: String) -> String {
        typealias Version = @convention(c) () -> UnsafePointer<CChar>?
        guard let address = dlsym(nil, symbol) else { return "not linked in" }
        // All five take nothing and answer a constant text: their headers say so.
        guard let text = unsafeBitCast(address, to: Version.self)() else { return "unknown" }
        return String(cString: text)
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3.1)
            "6.3.1 or a later 6.3"
        #else
            "6.3.0 or earlier"
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "another"
        #endif
    }

    private static var file: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The names only: values may be secret.
    private var variables: String? {
        let names = environment.keys.filter { $0.hasPrefix("MARTLET_") || ["TZ", "LANG", "TMPDIR"].contains($0) }
        return names.isEmpty ? nil : names.sorted().joined(separator: ", ") + " (set; values not shown)"
    }
}
