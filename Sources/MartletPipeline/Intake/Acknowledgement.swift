/// The answer that a source waits for: one for each batch, given exactly once.
///
/// The compiler refuses a second answer; an acknowledgement that is dropped answers with ``IntakeError/Code/stopped``.
package struct Acknowledgement: ~Copyable, Sendable {
    /// `nil` once it has been given.
    private var answer: (@Sendable (Result<CommitReceipt, any Error>) -> Void)?

    /// - Parameter answer: called once, when the batch is on disk or when it cannot be committed.
    package init(_ answer: @escaping @Sendable (Result<CommitReceipt, any Error>) -> Void) { self.answer = answer }

    /// The batch is on disk.
    package consuming func acknowledge(_ receipt: CommitReceipt) {
        answer.take()?(.success(receipt))
    }

    /// Nothing of the batch has been kept; it may be handed over again.
    package consuming func fail(_ error: any Error) {
        answer.take()?(.failure(error))
    }

    deinit { answer?(.failure(IntakeError(.stopped, "The intake ended before the batch was committed."))) }
}
