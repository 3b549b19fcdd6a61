package import MartletPipeline

/// How a trial reads what comes.
package enum TrialFormat: String, Sendable, CaseIterable {
    /// CloudEvents and OpenStack's notifications where a message says that it is one, CloudStack's otherwise.
    case guess
    case cloudstack
    case oslo
    case cloudevents

    package var decoder: any EventDecoder {
        switch self {
        case .guess: GuessingDecoder()
        case .cloudstack: CloudStackDecoder()
        case .oslo: OsloDecoder()
        case .cloudevents: CloudEventsDecoder()
        }
    }
}
