import MartletJSON
@testable import MartletTransfer

/// What HTTP servers answer, and the networks that they may be in.
enum TransferTargets {
    static let all = [
        FuzzTarget(name: "http-headers") { bytes in
            var headers = HTTPHeaders()
            for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
                (Array(line) + [0x0D, 0x0A]).withUnsafeBytes { headers.append(line: $0) }
            }
            for field in headers { try demand(!field.value.utf8.contains(0x0A), "a value holds a line break") }
            // What is no UTF-8 has another name as text.
            for field in headers.prefix(8) where !field.name.unicodeScalars.contains("\u{FFFD}") {
                try demand(headers[field.name] != nil, "the field \(field.name) is not found by its name")
            }
        },
        FuzzTarget(name: "network") { bytes in
            guard let network = try? Network(String(decoding: bytes, as: UTF8.self)) else { return }
            let again = try? Network("\(network)")
            try demand(again == network, "\(network) comes back as another")
            try demand(network.contains(network.address), "\(network) does not hold its own address")
        },
    ]
}
