extension Trial {
    /// The trial of what an address points at; reaches no network yet.
    ///
    /// - Throws: ``TrialAddressError``.
    package init(_ address: TrialAddress, _ options: TrialOptions) throws(TrialAddressError) {
        switch address.transport {
        case .amqp: self = try .amqp(address, options)
        case .kafka: self = try .kafka(address, options)
        }
    }
}
