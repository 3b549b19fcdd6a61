import Martlet
import MartletPipeline

extension ParkedDelivery {
    /// The checksum of its row.
    func checksum(of forwarder: Int64) -> Int64 {
        var checksum = RowChecksum(.parked)
        checksum.add(forwarder)
        checksum.add(position.rawValue)
        checksum.add(lane?.rawValue)
        checksum.add(unit?.rawValue)
        checksum.add(Int64(attempts))
        checksum.add(due.nanoseconds)
        checksum.add(reason)
        checksum.add(mark)
        return checksum.value
    }
}

extension DeadLetterDraft {
    /// The checksum of its row beside the event's own.
    func checksum(of forwarder: Int64) -> Int64 {
        var checksum = RowChecksum(.deadLetters)
        checksum.add(forwarder)
        checksum.add(position.rawValue)
        checksum.add(reason)
        checksum.add(Int64(attempts))
        checksum.add(time.nanoseconds)
        return checksum.value
    }
}
