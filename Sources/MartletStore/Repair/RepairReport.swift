/// What a repair saved, what it could not save, and what will be repeated.
package struct RepairReport: Sendable {
    /// Rows written to the new store, by table.
    package var saved: [String: Int] = [:]
    /// Events saved from pages that no tree leads to any more.
    package var strayEvents = 0
    /// Positions whose events are lost.
    package var lost: [ClosedRange<Int64>] = []
    /// Rows that could not be read or were not as they were written, by table.
    package var damaged: [String: Int] = [:]
    /// Resources whose documents were made again from the log.
    package var rebuiltResources = 0
    /// Those of them whose first events the log no longer has.
    package var incompleteResources: [String] = []
    /// Events linked again to the one of their resource before.
    package var relinked = 0
    /// What was done to forwarders, in sentences.
    package var forwarders: [String] = []
    /// What else there is to know, in sentences.
    package var remarks: [String] = []
    /// Where the damaged files are now.
    package var copies = ""
    /// The check of the new store.
    package var check = StoreReport()

    package init() {}

    package var lostCount: Int64 { lost.reduce(0) { $0 + Int64($1.count) } }
}
