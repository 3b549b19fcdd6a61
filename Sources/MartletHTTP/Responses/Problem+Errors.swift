import Hummingbird
import MartletClient
import MartletJSON
import MartletPipeline

extension Problem {
    /// What an error means for the caller.
    init(describing error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as IntakeError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as JSONError: self.init(error)
        case let error as ReplayError: self.init(error)
        case let error as SyncError: self.init(error)
        case is CancellationError: self.init(.stopping, "Martlet is stopping.")
        case let error as any HTTPResponseError: self.init(status: error.status.code)
        default: self.init(.internal, "The log of Martlet tells more.")
        }
    }

    /// A body that is no JSON.
    init(_ error: JSONError) {
        self.init(
            .notJSON,
            error.description,
            place: Place(line: error.line, column: error.column, offset: error.offset)
        )
    }

    private init(_ error: IntakeError) {
        switch error.code {
        case .overloaded: self.init(.overloaded, error.reason)
        case .stopped: self.init(.stopping, error.reason)
        default: self.init(.internal, error.reason)
        }
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .full: self.init(.storeFull, error.reason)
        case .inputOutput: self.init(.notReady, error.reason)
        case .damagedEvent: self.init(.damagedEvent, error.reason)
        default: self.init(.internal, "The store has failed; the log of Martlet tells more.")
        }
    }

    private init(_ error: ReplayError) {
        switch error.code {
        case .invalid: self.init(.invalidParameter, error.reason, parameter: error.field)
        case .unknownForwarder: self.init(.unknownForwarder, error.reason, parameter: error.field)
        case .unknown: self.init(.unknownReplay, error.reason)
        case .conflict, .tooMany: self.init(.replayConflict, error.reason)
        case .stopped: self.init(.stopping, error.reason)
        }
    }

    private init(_ error: SyncError) {
        switch error.code {
        case .invalid: self.init(.invalidParameter, error.reason, parameter: error.field)
        case .unknown: self.init(.unknownSync, error.reason)
        case .noEnricher, .conflict: self.init(.syncConflict, error.reason, parameter: error.field)
        case .stopped: self.init(.stopping, error.reason)
        }
    }

    /// What the HTTP library refused by itself.
    private init(status: Int) {
        switch status {
        case 401: self.init(.unauthorized, "Authentication is needed.")
        case 403: self.init(.forbidden, "This is not allowed.")
        case 404: self.init(.notFound, "Nothing is served at this path; /v1/openapi.json lists what is.")
        case 405: self.init(.methodNotAllowed, "The method is not allowed here.")
        case 408: self.init(.timeout, "The request took too long to arrive.")
        case 413: self.init(.bodyTooLarge, "The body is too large.")
        case 415: self.init(.unsupportedMediaType, "The body is of a type that is not read here.")
        case 400..<500: self.init(.invalidParameter, "The request cannot be read.")
        default: self.init(.internal, "The log of Martlet tells more.")
        }
    }
}
