import Glibc

/// The life of a session's thread: connect, then obey commands and read frames, until one side ends it.
struct SessionLoop {
    let inbox: SessionInbox
    let state: SessionState
    let observer: @Sendable (AMQPNotice) -> Void

    /// - Parameter opened: told once whether there is a connection; answers whether anybody still wants it.
    func run(
        _ settings: AMQPSettings,
        name: String,
        limits: AMQPLimits,
        opened: (Result<AMQPSession, AMQPError>) -> Bool
    ) {
        let connection: AMQPConnection
        do throws(AMQPError) {
            connection = try ConnectionOpening(settings: settings, name: name, state: state)
                .open(limits: limits, observer: observer)
        } catch {
            state.failure = error
            inbox.end()
            _ = opened(.failure(error))
            return
        }
        let isWanted = opened(
            .success(AMQPSession(server: connection.server, place: connection.place, inbox: inbox, state: state))
        )
        let end = isWanted ? serve(connection) : .closed(at: connection.place)
        state.failure = end
        connection.conclude(end)
        inbox.end()
        if isWanted { observer(.ended(end)) }
    }

    /// Serves the connection until it ends, and says why it did.
    private func serve(_ connection: AMQPConnection) -> AMQPError {
        while true {
            let (commands, isStopping) = inbox.take()
            for command in commands {
                // One that follows a failure is refused, like those that come later.
                if let failure = connection.failure { state.failure = failure }
                command(connection.failure == nil ? connection : nil)
            }
            if let failure = connection.failure { return failure }
            if isStopping {
                connection.close()
                return .closed(at: connection.place)
            }
            let hasMore = connection.pump()
            if let failure = connection.failure { return failure }
            if !hasMore, inbox.prepareToWait() { wait(connection) }
        }
    }

    private func wait(_ connection: AMQPConnection) {
        let isHeld = state.isReadingHeld
        let events = (isHeld ? 0 : POLLIN) | (connection.wantsToWrite ? POLLOUT : 0)
        var descriptors = [
            pollfd(fd: inbox.wakeDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: connection.descriptor, events: Int16(events), revents: 0),
        ]
        _ = poll(&descriptors, nfds_t(descriptors.count), connection.longestWait)
        if descriptors[0].revents != 0 { inbox.drain() }
        // Where nothing is read nothing else finds it out, and each wait would be over at once.
        if isHeld, Int32(descriptors[1].revents) & (POLLHUP | POLLERR) != 0 { connection.isReset() }
    }
}
