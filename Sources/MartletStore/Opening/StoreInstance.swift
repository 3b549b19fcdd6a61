/// What was drawn when the store was made and stays for its life.
struct StoreInstance: Sendable, Hashable {
    /// Tells the ids that this store derives from another store's.
    var number: UInt32
    /// The secret that resource keys and identities are hashed under.
    var hashKey: SipHash.Key

    /// The number in eight hexadecimal digits.
    var id: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The id of an event whose origin gave it none: `<instance>-<position>`.
    func eventID(at position: Int64) -> String { "\(id)-\(position)" }
}
