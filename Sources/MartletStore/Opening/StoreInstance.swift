/// What was drawn when the store was made and stays for its life.
struct StoreInstance: Sendable, Hashable {
    /// A stretch of positions whose ids are derived from one number.
    struct Generation: Sendable, Hashable {
        /// The first position of the stretch, which goes on to the next one's.
        let first: Int64
        let number: UInt32
        /// The number in eight hexadecimal digits.
        let id: String
        /// What a derived id begins with.
        let idPrefix: String

        init(first: Int64, number: UInt32) {
            self.first = first
            self.number = number
            let digits = String(number, radix: 16)
            id = String(repeating: "0", count: 8 - digits.count) + digits
            idPrefix = id + "-"
        }
    }

    /// Ascending, the first from zero on. Each time the store is restored another begins: positions after the backup are
    /// given again, and must not lead to ids that others have seen on something else.
    var generations: [Generation]
    /// The secret that resource keys and identities are hashed under.
    let hashKey: SipHash.Key

    private var current: Generation { generations[generations.count - 1] }

    /// Tells the ids that this store derives now from another store's, and from its own before it was restored.
    var number: UInt32 { current.number }

    /// The number in eight hexadecimal digits.
    var id: String { current.id }

    /// The id of an event whose origin gave it none: `<instance>-<position>`.
    func eventID(at position: Int64) -> String {
        let generation = current.first <= position ? current : generations.last { $0.first <= position }
        return (generation ?? current).idPrefix + String(position)
    }
}
