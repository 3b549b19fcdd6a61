import DequeModule
package import Martlet

// What is no longer in the log, or is about to leave it without having been delivered (promise 11).

extension DeliveryWindow {
    /// Gives up everything up to a position that is not concluded: skipped, each counted by itself.
    ///
    /// What is in flight is finished, and given up if it does not get through. Redeliveries have a copy of their own, and stay.
    ///
    /// - Returns: how many events were given up now.
    package mutating func skip(through position: Position) -> Int64 {
        skippedThrough = max(skippedThrough, position)
        let inFlight = Set(flights.values.lazy.flatMap(\.positions))
        var given: Int64 = 0
        for delivery in parked.values where delivery.position <= position && !delivery.isRedelivery {
            if !inFlight.contains(delivery.position) { given += giveWay([delivery.position]) }
        }
        for index in entries.indices {
            guard entries[index].position <= position else { break }
            if entries[index].isReady { given += giveWay([entries[index].position]) }
        }
        if position > classifiedThrough {
            // What has become of its event already is not given up once more.
            let known = entries.count
            takeSettled(through: position)
            given += position.rawValue - classifiedThrough.rawValue - Int64(entries.count - known)
            unseen.append(classifiedThrough.rawValue + 1...position.rawValue)
            classifiedThrough = position
        }
        advanceCursor()
        return given
    }

    /// Gives up those of these events that are ready or parked; nothing of them is in flight.
    ///
    /// - Returns: how many they were.
    @discardableResult
    mutating func giveWay(_ positions: [Position]) -> Int64 {
        var given: Int64 = 0
        var lanes: Set<Lane> = []
        for position in positions {
            if let delivery = parked[position] {
                guard !delivery.isRedelivery else { continue }
                lanes.insert(lane(of: delivery))
            } else {
                guard let index = entryIndex(of: position), entries[index].isReady else { continue }
            }
            conclude(position, as: .skipped)
            given += 1
        }
        awaken(lanes)
        return given
    }

    /// The oldest event that is not concluded here, or the next one where all are.
    package var oldestNeeded: Position {
        let parked = parked.values.lazy.filter { !$0.isRedelivery }.map(\.position).min()
        return min(cursor.advanced(by: 1), parked ?? cursor.advanced(by: 1))
    }
}
