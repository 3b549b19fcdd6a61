/// Deliveries of one consumer that are handed over together.
struct DeliveryPortion {
    private(set) var deliveries: [AMQPDelivery] = []
    private(set) var byteCount = 0
    /// The tag of the consumer.
    var consumer = ""

    var isEmpty: Bool { deliveries.isEmpty }

    mutating func add(_ delivery: AMQPDelivery) {
        deliveries.append(delivery)
        byteCount += delivery.body.count
    }

    func isFull(_ limits: AMQPLimits) -> Bool {
        deliveries.count >= limits.portionMessages || byteCount >= limits.portionBytes
    }

    mutating func take() -> [AMQPDelivery] {
        defer { (deliveries, byteCount) = ([], 0) }
        return deliveries
    }
}
