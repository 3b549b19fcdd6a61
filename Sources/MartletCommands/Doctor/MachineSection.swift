import Foundation
import Martlet

/// The machine as the kernel tells of it: system, memory, limits, clock. Not its name.
struct MachineSection {
    let files: SystemFiles
    let clock: WallClock

    var section: DoctorReport.Section {
        let limits = Self.limits
        var remarks: [String] = []
        if let isSynchronised, !isSynchronised { remarks.append("the clock is not synchronised") }
        return DoctorReport.Section(
            "This machine",
            table: [
                (name: "system", value: system),
                (name: "kernel", value: Self.kernel),
                (name: "processors", value: "\(ProcessInfo.processInfo.activeProcessorCount)"),
                (
                    name: "load",
                    value: files.text("/proc/loadavg")?.split(separator: " ").prefix(3).joined(separator: " ")
                ),
                (name: "memory", value: memory),
                (name: "memory limit", value: files.text("/sys/fs/cgroup/memory.max")?.nonBlank),
                (name: "container", value: isContainer ? "yes" : nil),
                (name: "time", value: "\(clock.now().wholeSeconds), here \(clock.read(clock.now()).dateAndTime)"),
                (name: "clock", value: isSynchronised.map { $0 ? "synchronised" : "not synchronised" }),
                (name: "our limits", value: limits),
            ],
            remarks: remarks
        )
    }

    private var system: String? {
        files.lines("/etc/os-release").first { $0.hasPrefix("PRETTY_NAME=") }?.dropFirst("PRETTY_NAME=".count)
            .trimmingCharacters(in: CharacterSet(charactersIn: "\""))
    }

    private static var kernel: String? {
        var names = utsname()
        guard uname(&names) == 0 else { return nil }
        return [text(of: names.sysname), text(of: names.release), text(of: names.machine)].joined(separator: " ")
    }

    /// A C array of characters, which Swift sees as a tuple.
    private static func text<Characters>(of characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private var memory: String? {
        guard let total = files.value("MemTotal", in: "/proc/meminfo") else { return nil }
        let available = files.value("MemAvailable", in: "/proc/meminfo").map { ", \($0) available" } ?? ""
        return total + available
    }

    private var isContainer: Bool {
        files.text("/.dockerenv") != nil || files.text("/run/.containerenv") != nil
            || files.text("/run/systemd/container") != nil
    }

    /// systemd-timesyncd leaves this file where it has set the clock; where it does not run, nothing is known.
    private var isSynchronised: Bool? {
        guard !files.names(in: "/run/systemd/timesync").isEmpty else { return nil }
        return files.names(in: "/run/systemd/timesync").contains("synchronized")
    }

    /// Of this process; the server's own are with the server.
    private static var limits: String {
        func limit(_ resource: __rlimit_resource) -> String {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return "unknown" }
            return limit.rlim_cur == rlim_t.max ? "unlimited" : "\(limit.rlim_cur)"
        }
        return "\(limit(RLIMIT_NOFILE)) open files, \(limit(RLIMIT_FSIZE)) bytes a file, core \(limit(RLIMIT_CORE))"
    }
}
