import Dispatch
import Foundation
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite(.timeLimit(.minutes(2))) struct StdinSourceTests {
    @Test(arguments: SourceConformance.Clause.all)
    func `standard input is a source`(_ clause: SourceConformance.Clause) async throws {
        let conformance = SourceConformance(features: [.ends]) { body in
            let pipe = Pipe()
            let writer = DispatchQueue(label: "stdin-source-tests")
            try await body(
                SourceConformance.Transport(
                    // A pipe holds 64 KiB: whoever writes more waits for the reader.
                    write: { text in
                        writer.async { try? pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }
                    },
                    end: { writer.async { try? pipe.fileHandleForWriting.close() } },
                    makeSource: { rig in
                        StdinSource(
                            descriptor: pipe.fileHandleForReading.fileDescriptor,
                            port: rig.port,
                            context: rig.context
                        )
                    }
                )
            )
        }
        try await conformance.run(clause)
    }
}
