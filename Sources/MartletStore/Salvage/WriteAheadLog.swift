#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// SQLite's write-ahead log as it lies beside the store's file: which pages it has, and where it is damaged.
///
/// Each frame carries a checksum that goes on from the frame before. SQLite takes a frame that does not fit for the end of the
/// log, and with it all commits behind it. Here the checksums that the frames *say* they have are gone on from too, so that a
/// single damaged frame costs the page in it and nothing behind it.
final class WriteAheadLog {
    private static let headSize = 32
    private static let frameHeadSize = 24

    /// Where the newest committed image of a page lies.
    private(set) var pages: [Int: Int] = [:]
    /// The frames that are not as they were written, counted from 1, with frames behind them that are.
    private(set) var damagedFrames: [Int] = []
    /// Frames up to the last commit.
    private(set) var frameCount = 0
    /// Frames that SQLite itself had written, as the file of shared memory beside it says; `nil` where that says nothing.
    private(set) var expectedFrames: Int?
    private let descriptor: Int32

    init(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, let head = read(0, WriteAheadLog.headSize) else { return }
        var sum = Sum()
        sum.add(head[0..<24], isBig: head[3] & 1 == 1)
        let isHeadWhole = sum == Sum(head, 24)
        let salt = isHeadWhole ? Array(head[16..<24]) : frame(1).map { Array($0[8..<16]) } ?? []
        expectedFrames = WriteAheadLog.framesInSharedMemory(path.dropLast("-wal".count) + "-shm", salt: salt)
        // The last bit of the magic number says how words are read; where the head is damaged, as this machine writes them.
        readFrames(
            salt: salt,
            isBig: isHeadWhole && head[3] & 1 == 1,
            seeds: isHeadWhole ? [sum] : [sum, Sum(head, 24)]
        )
        if !isHeadWhole, frameCount > 0 { damagedFrames.insert(0, at: 0) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func read(_ offset: Int, _ count: Int) -> [UInt8]? { PageFile.read(descriptor, at: offset, count) }

    private struct Sum: Equatable {
        var first: UInt32 = 0
        var second: UInt32 = 0

        init() {}

        init(_ bytes: [UInt8], _ offset: Int) {
            first = UInt32(bytes.big32(offset))
            second = UInt32(bytes.big32(offset + 4))
        }

        /// - Parameter isBig: whether the words are read with the most significant byte first.
        mutating func add(_ bytes: ArraySlice<UInt8>, isBig: Bool) {
            bytes.withUnsafeBytes { bytes in
                var offset = 0
                while offset + 8 <= bytes.count {
                    for part in [0, 4] {
                        let word = bytes.loadUnaligned(fromByteOffset: offset + part, as: UInt32.self)
                        let value = isBig ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
                        if part == 0 { first &+= value &+ second } else { second &+= value &+ first }
                    }
                    offset += 8
                }
            }
        }
    }

    /// - Parameter seeds: what the first frame's checksum may go on from.
    private func readFrames(salt: [UInt8], isBig: Bool, seeds: [Sum]) {
        var seeds = seeds
        var pending: [(page: Int, offset: Int)] = []
        var suspected: [Int] = []
        var number = 0
        while let frame = self.frame(number + 1) {
            number += 1
            let isSalted = frame[8..<16].elementsEqual(salt)
            let stored = Sum(frame, 16)
            let sums = seeds.map { seed in
                var sum = seed
                sum.add(frame[0..<8], isBig: isBig)
                sum.add(frame[WriteAheadLog.frameHeadSize...], isBig: isBig)
                return sum
            }
            let isWhole = isSalted && sums.contains(stored)
            if isWhole {
                damagedFrames += suspected
                suspected = []
                seeds = [stored]
            } else {
                // Two in a row that do not fit are what an earlier log left behind, or a commit that was never finished.
                guard suspected.isEmpty else { break }
                suspected = [number]
                seeds = [stored] + sums
            }
            let page = frame.big32(0)
            if isWhole { pending.append((page, offset(of: number) + WriteAheadLog.frameHeadSize)) }
            guard suspected.isEmpty, frame.big32(4) != 0 else { continue }
            for (page, offset) in pending { pages[page] = offset }
            pending = []
            frameCount = number
        }
        if let expectedFrames, expectedFrames > frameCount {
            // The commit was finished, and its last frame is the damaged one.
            for (page, offset) in pending { pages[page] = offset }
            damagedFrames += suspected.filter { $0 <= expectedFrames }
            frameCount = min(number, expectedFrames)
        }
        damagedFrames.removeAll { $0 > frameCount }
    }

    private func offset(of frame: Int) -> Int {
        WriteAheadLog.headSize + (frame - 1) * (WriteAheadLog.frameHeadSize + PageFile.pageSize)
    }

    private func frame(_ number: Int) -> [UInt8]? {
        read(offset(of: number), WriteAheadLog.frameHeadSize + PageFile.pageSize)
    }

    /// The number of frames of this log as SQLite's index of it has it, where both of its copies agree.
    private static func framesInSharedMemory(_ path: String, salt: [UInt8]) -> Int? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let head = PageFile.read(descriptor, at: 0, 96), head[0..<48] == head[48..<96],
            Array(head[32..<40]) == salt
        else { return nil }
        return head[16..<20].withUnsafeBytes { Int($0.loadUnaligned(as: UInt32.self)) }
    }
}
