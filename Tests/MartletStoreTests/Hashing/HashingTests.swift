import Testing

@testable import MartletStore

struct HashingTests {
    private static let readCommand: [UInt8] = [
        0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0,
        0x18,
        0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
    ]

    @Test(
        arguments: [
            (Array(repeating: 0x00, count: 32), 0x8A91_36AA), (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C), (readCommand, 0xD996_3A56),
            ([], 0),
        ] as [([UInt8], UInt32)]
    )
    func `the checksums are those of RFC 3720`(_ bytes: [UInt8], _ expected: UInt32) {
        for usesInstruction in [false, CRC32C.hasInstruction] {
            var checksum = CRC32C(usesInstruction: usesInstruction)
            bytes.withUnsafeBytes { checksum.add($0) }
            #expect(checksum.value == expected)
        }
    }

    @Test(arguments: 0...40)
    func `the instruction and the tables agree, wherever the bytes begin and end`(_ start: Int) {
        let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 11) }
        for end in start...bytes.count {
            var fast = CRC32C()
            var slow = CRC32C(usesInstruction: false)
            bytes[start..<end].withUnsafeBytes { fast.add($0) }
            bytes[start..<end].withUnsafeBytes { slow.add($0) }
            #expect(fast.value == slow.value)
        }
    }

    @Test func `a checksum does not depend on how the bytes are cut`() {
        let bytes = HashingTests.readCommand
        for cut in 0...bytes.count {
            var checksum = CRC32C()
            bytes[..<cut].withUnsafeBytes { checksum.add($0) }
            bytes[cut...].withUnsafeBytes { checksum.add($0) }
            #expect(checksum.value == 0xD996_3A56)
        }
    }

    /// The vectors of the paper, appendix A.
    @Test(arguments: [(0, 0x726f_db47_dd0e_0e31), (15, 0xa129_ca61_49be_45e5)] as [(Int, UInt64)])
    func `SipHash-2-4 is the paper's`(_ count: Int, _ expected: UInt64) {
        let hash = SipHash(
            key: SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908),
            wordRounds: 2,
            finalRounds: 4
        )
        #expect((0..<UInt8(count)).map(\.self).withUnsafeBytes { hash($0) } == expected)
    }

    /// The vectors of CPython, which hashes bytes with SipHash-1-3 (`PYTHONHASHSEED=0` is the key of zeros).
    @Test(
        arguments: [
            (1, 0x68a9_1412_8e01_e473), (7, 0x2f09_8ab0_c751_325a), (8, 0xead4_11e6_7ebe_2eea),
            (15, 0xf30e_b725_bb91_c9ea), (16, 0x8972_1884_33a5_c5b7), (63, 0x385d_3e39_e5f3_7359),
        ] as [(Int, UInt64)]
    )
    func `SipHash-1-3 is CPython's`(_ count: Int, _ expected: UInt64) {
        let hash = SipHash(key: SipHash.Key(low: 0, high: 0))
        #expect((0..<UInt8(count)).map(\.self).withUnsafeBytes { hash($0) } == expected)
    }
}
