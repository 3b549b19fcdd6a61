/// A sink that has its destination for itself, as a locked file: a second instance could not write there.
///
/// Its `send` may be called by several who know nothing of each other; it takes them in turn.
package protocol ExclusiveSink: Sink {}

/// A sink that is lent: it is closed by its owner.
package struct LentSink: Sink {
    private let owned: any Sink

    package init(_ owned: any Sink) { self.owned = owned }

    package var delivery: SinkDelivery { owned.delivery }

    package func send(_ batch: OutgoingBatch) async -> BatchOutcome { await owned.send(batch) }

    package func close() async {}
}
