/// What was drawn when the store was made and stays for its life.
struct StoreInstance: Sendable, Hashable {
    /// A stretch of positions whose ids are derived from one number.
    struct Generation: Sendable, Hashable {
        /// The first position of the stretch, which goes on to the next one's.
        var first: Int64
        var number: UInt32
    }

    /// Ascending, the first from zero on. Each time the store is restored another begins: positions after the backup are
    /// given again, and must not lead to ids that others have seen on something else.
    var generations: [Generation]
    /// The secret that resource keys and identities are hashed under.
    var hashKey: SipHash.Key

    /// Tells the ids that this store derives now from another store's, and from its own before it was restored.
    var number: UInt32 { generations[generations.count - 1].number }

    /// The number in eight hexadecimal digits.
    var id: String { StoreInstance.text(of: number) }

    private static func text(of number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The id of an event whose origin gave it none: `<instance>-<position>`.
    func eventID(at position: Int64) -> String {
        let generation = generations.last { $0.first <= position } ?? generations[0]
        return "\(StoreInstance.text(of: generation.number))-\(position)"
    }
}
