import MartletPipeline

/// Turns a resource's name (cloud, type, id) into the key that its row begins to be looked for at.
struct ResourceNaming: Sendable {
    private let hash: SipHash
    private let substitute: (@Sendable ([UInt8]) -> Int64)?

    init(key: SipHash.Key, substitute: (@Sendable ([UInt8]) -> Int64)? = nil) {
        hash = SipHash(key: key)
        self.substitute = substitute
    }

    /// 62 bits of the name's hash, never zero. Where another resource has that key, the next one is tried, and so on.
    func firstKey(cloud: String, type: String, id: String) -> Int64 {
        withUnsafeTemporaryAllocation(
            byteCount: cloud.utf8.count + type.utf8.count + id.utf8.count + 2,
            alignment: 1
        ) { buffer in
            // Separated by a byte that UTF-8 never has, so that no two names are written alike.
            var count = 0
            for part in [cloud, type, id] {
                if count > 0 {
                    buffer[count] = 0xFF
                    count += 1
                }
                var part = part
                part.withUTF8 { text in
                    buffer[count..<count + text.count].copyBytes(from: text)
                    count += text.count
                }
            }
            let name = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            if let substitute { return substitute([UInt8](name)) }
            return max(1, Int64(hash(name) & ResourceNaming.mask))
        }
    }

    /// The key to try after one that another resource has.
    func nextKey(after key: Int64) -> Int64 { ResourceNaming.key(after: key) }

    static func key(after key: Int64) -> Int64 { key == Int64(mask) ? 1 : key + 1 }

    private static let mask: UInt64 = (1 << 62) - 1
}
