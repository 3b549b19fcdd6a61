#if canImport(Glibc)
    import Glibc
#endif
import Foundation
import Martlet
import Testing

@testable import MartletConnectors

/// The limit is the whole process's, and the test restores it; nothing else in this suite writes as much.
@Suite(.serialized) struct AppendedFileTests {
    @Test func `a write that stops half way is cut back, so that no torn line stays`() async throws {
        try await withFolder { folder in
            let path = folder.file("events")
            var file = try AppendedFile(path: path)
            try file.append(Array("whole\n".utf8), at: Timestamp(seconds: 0))

            // A limit on the size of files stops a write half way, as a full disk does.
            var limit = rlimit()
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let before = limit
            signal(SIGXFSZ, SIG_IGN)
            limit.rlim_cur = 32 << 20
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            defer {
                var restored = before
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &restored)
            }
            let lines = [UInt8](repeating: UInt8(ascii: "x"), count: 33 << 20)
            var failure: SystemCallError?
            do throws(SystemCallError) {
                try file.append(lines, at: Timestamp(seconds: 1))
            } catch {
                failure = error
            }
            #expect(failure?.number == EFBIG)
            #expect(failure?.description.contains(path) == true)
            #expect(file.size == 6)
            #expect(try folder.read("events") == "whole\n")

            try file.append(Array("next\n".utf8), at: Timestamp(seconds: 2))
            #expect(try folder.read("events") == "whole\nnext\n")
        }
    }
}
