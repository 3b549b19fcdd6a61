import MartletPipeline

extension PartitionCursor.Jump {
    /// The alert to commit with the jump; `nil` where nothing can be missing.
    ///
    /// - Parameter generation: which topic of this name is read from here on.
    func alert(for partition: KafkaPartition, generation: Int) -> SourceAlert? {
        let details = ["topic": partition.topic, "partition": "\(partition.number)", "generation": "\(generation)"]
        switch self {
        case .unverified: return nil
        case .overtaken(let lost):
            return SourceAlert(
                .gap,
                """
                Partition \(partition.number) of \(partition.topic) was removed from offset \(lost.lowerBound) to \
                \(lost.upperBound - 1) before it was read: retention is too short, or Martlet stood still for too long.
                """,
                details: details.merging(["from": "\(lost.lowerBound)", "before": "\(lost.upperBound)"]) { $1 }
            )
        case .recreated(let next, let now):
            return SourceAlert(
                .gap,
                """
                Partition \(partition.number) of \(partition.topic) was made anew or cut: offset \(next) was next, and it \
                holds \(now.lowerBound) to \(now.upperBound) now. It is read from its beginning; what came before that \
                and was not read is gone.
                """,
                details: details.merging([
                    "next": "\(next)", "begin": "\(now.lowerBound)", "end": "\(now.upperBound)",
                ]) { $1 }
            )
        }
    }
}
