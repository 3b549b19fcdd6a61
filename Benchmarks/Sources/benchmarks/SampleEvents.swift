import Foundation

/// CloudStack action events of 618 bytes, as the goals suppose them.
enum SampleEvents {
    static let size = 618

    static func uuid(_ number: Int) -> String {
        let digits = String(format: "%012x", number)
        return "9c3d1e42-8a05-4b6f-a1c7-\(digits)"
    }

    static func action(resource: Int) -> [UInt8] {
        let id = uuid(resource)
        let head = """
            {"eventDateTime":"2026-01-30 11:38:35 +0000","status":"Completed","description":"Successfully completed \
            starting Vm. Vm Id: \(id)
            """
        let tail = """
            ","event":"VM.START","entity":"VirtualMachine","entityuuid":"\(id)","VirtualMachine":"\(id)",\
            "account":"5f2a9d30-7b41-4c58-8d17-3e9c0a4b5c02","user":"0b4f0e6a-2c1d-4f0b-9a51-6a0b7c1d2e01"}
            """
        let padding = String(repeating: " and", count: max(0, (size - head.utf8.count - tail.utf8.count) / 4))
        return Array((head + padding + tail).utf8)
    }

    static func topic(resource: Int) -> String {
        "management-server.ActionEvent.VM-START.VirtualMachine.\(uuid(resource))"
    }
}
