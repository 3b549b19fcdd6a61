import Testing

@testable import MartletHTTP

@Suite struct ConstantTimeTests {
    /// Counts how often an element is read.
    private final class Reads {
        var count = 0
    }

    private struct Counted: Collection {
        let bytes: [UInt8]
        let reads: Reads

        var startIndex: Int { 0 }
        var endIndex: Int { bytes.count }
        func index(after index: Int) -> Int { index + 1 }
        subscript(index: Int) -> UInt8 {
            reads.count += 1
            return bytes[index]
        }
    }

    @Test(arguments: [nil, 0, 1, 31, 62, 63])
    func `every byte is looked at, wherever the difference is`(difference: Int?) {
        let token = (0..<64).map { UInt8($0) }
        var guess = token
        if let difference { guess[difference] ^= 1 }
        let reads = Reads()
        let isEqual = ConstantTime.areEqual(Counted(bytes: guess, reads: reads), token)
        #expect(isEqual == (difference == nil))
        #expect(reads.count == token.count)
    }

    @Test func `another length is another token`() {
        #expect(!ConstantTime.areEqual([1, 2], [1, 2, 3]))
        #expect(ConstantTime.areEqual([UInt8](), []))
    }
}
