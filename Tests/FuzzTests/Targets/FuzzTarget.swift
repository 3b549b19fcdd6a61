import MartletJSON

/// One way in for bytes that somebody else has chosen, and what must hold whatever they are.
///
/// The same closure is run by a test with seeded changes to a corpus, and by libFuzzer (`make fuzz TARGET=name`).
struct FuzzTarget: Sendable {
    /// In `make fuzz`, and the name of the corpus' folder.
    let name: String
    /// How many times less often than others it is tried by a test, because it takes so much longer.
    var weight = 1
    /// Reads the bytes.
    ///
    /// - Throws: ``FuzzFinding`` where a property does not hold. What the code says of bad input is not thrown on.
    let check: @Sendable (Bytes) throws -> Void
}

/// A property that some input breaks.
struct FuzzFinding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws where a property does not hold.
func demand(_ holds: Bool, _ property: @autoclosure () -> String) throws(FuzzFinding) {
    if !holds { throw FuzzFinding(property()) }
}

/// Every target whose code needs no server.
enum FuzzTargets {
    static let all: [FuzzTarget] =
        JSONTargets.all + FormatTargets.all + TopicTargets.all + AMQPTargets.all + KafkaTargets.all + GateTargets.all
        + TimeTargets.all + StoreTargets.all + LineTargets.all + ConfigurationTargets.all + TransferTargets.all
        + EnricherTargets.all
}
