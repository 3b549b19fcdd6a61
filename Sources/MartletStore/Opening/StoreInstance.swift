/// What was drawn when the store was made and stays for its life.
struct StoreInstance: Sendable, Hashable {
    /// Tells the ids that this store derives from another store's.
    let number: UInt32
    /// The secret that resource keys and identities are hashed under.
    let hashKey: SipHash.Key
    /// The number in eight hexadecimal digits.
    let id: String
    /// What a derived id begins with.
    private let idPrefix: String

    init(number: UInt32, hashKey: SipHash.Key) {
        self.number = number
        self.hashKey = hashKey
        let digits = String(number, radix: 16)
        id = String(repeating: "0", count: 8 - digits.count) + digits
        idPrefix = id + "-"
    }

    /// The id of an event whose origin gave it none: `<instance>-<position>`.
    func eventID(at position: Int64) -> String { idPrefix + String(position) }
}
