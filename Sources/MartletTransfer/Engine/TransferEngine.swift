import CCurl
import Glibc

/// The thread that runs all exchanges of one client on one of libcurl's multi handles.
///
/// Made on the thread that makes the client and then handed to its own, which alone touches it from there on.
final class TransferEngine {
    private let inbox: TransferInbox
    private let multi: UnsafeMutableRawPointer
    private let userAgent: String
    private let maximumIdleHandles: Int
    /// The exchanges that are in the multi handle; each knows its index.
    private var active: [Exchange] = []
    private var idleHandles: [EasyHandle] = []
    private var lastSweep = ContinuousClock.now

    /// How often deadlines are looked at that libcurl does not keep itself: of exchanges that wait for a free connection, and of
    /// streams that wait for their head.
    private static let sweepInterval = Duration.milliseconds(500)

    /// Starts an engine's thread; it ends when the inbox is told to stop.
    static func start(
        maximumConnections: Int,
        maximumConnectionsPerHost: Int,
        userAgent: String
    ) throws(TransferError) -> TransferInbox {
        guard isLibraryReady, let multi = curl_multi_init() else {
            throw TransferError(.resources, "libcurl could not be initialised: check this machine's memory.")
        }
        guard curl_multi_wakeup(multi) == CURLM_OK else {
            curl_multi_cleanup(multi)
            throw TransferError(.resources, "libcurl has no descriptor to be woken by: raise the limit of open files.")
        }
        let limits = [
            (CURLMOPT_MAX_TOTAL_CONNECTIONS, maximumConnections), (CURLMOPT_MAXCONNECTS, maximumConnections),
            (CURLMOPT_MAX_HOST_CONNECTIONS, maximumConnectionsPerHost),
        ]
        for (option, limit) in limits where ccurl_multi_set_long(multi, option, limit) != CURLM_OK {
            curl_multi_cleanup(multi)
            throw TransferError(
                .resources,
                "libcurl does not keep to a number of connections: version 7.66 or later is needed."
            )
        }
        let inbox = TransferInbox(multi: multi)
        let engine = TransferEngine(
            inbox: inbox,
            multi: multi,
            userAgent: userAgent,
            maximumIdleHandles: maximumConnections
        )
        let state = Unmanaged.passRetained(engine)
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { TransferEngine.main($0) },
            state.toOpaque()
        )
        guard code == 0 else {
            state.release()
            curl_multi_cleanup(multi)
            throw TransferError(.resources, "No thread for HTTP transfers: raise the limit of processes and threads.")
        }
        pthread_detach(thread)
        return inbox
    }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private init(inbox: TransferInbox, multi: UnsafeMutableRawPointer, userAgent: String, maximumIdleHandles: Int) {
        self.inbox = inbox
        self.multi = multi
        self.userAgent = userAgent
        self.maximumIdleHandles = maximumIdleHandles
    }

    private static func main(_ state: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let state else { return nil }
        // Signals belong to the threads that wait for them; and writing to a closed TLS connection raises SIGPIPE in the writer,
        // which libcurl leaves to the program where it may not set handlers (CURLOPT_NOSIGNAL).
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        Unmanaged<TransferEngine>.fromOpaque(state).takeRetainedValue().run()
        return nil
    }

    private func run() {
        while true {
            let (commands, isStopping) = inbox.take()
            for command in commands { obey(command, isStopping: isStopping) }
            if isStopping { break }
            var running: Int32 = 0
            let code = curl_multi_perform(multi, &running)
            if code != CURLM_OK { abortAll(because: code) }
            concludeFinished()
            sweep()
            guard inbox.prepareToWait() else { continue }
            // With nothing in flight only a command can give it something to do.
            let wait = active.isEmpty ? Int32.max : Int32(Self.sweepInterval / .milliseconds(1))
            let pollCode = curl_multi_poll(multi, nil, 0, wait, nil)
            if pollCode != CURLM_OK { abortAll(because: pollCode) }
        }
        for exchange in active.reversed() {
            detach(exchange)
            exchange.conclude(.failure(.shutdown(exchange.request)))
        }
        idleHandles.removeAll()
        inbox.end { curl_multi_cleanup(multi) }
    }

    private func obey(_ command: TransferInbox.Command, isStopping: Bool) {
        switch command {
        case .start(let exchange, let receiver):
            exchange.start(for: receiver)
            if isStopping {
                exchange.conclude(.failure(.shutdown(exchange.request)))
            } else if exchange.isCancelled {
                exchange.conclude(.failure(.cancelled(exchange.request)))
            } else {
                attach(exchange)
            }
        case .cancel(let exchange):
            exchange.isCancelled = true
            guard exchange.handle != nil else { return }  // not started yet, or over
            detach(exchange)
            exchange.conclude(.failure(.cancelled(exchange.request)))
        case .resume(let exchange):
            guard let handle = exchange.handle else { return }
            let code = curl_easy_pause(handle.pointer, CURLPAUSE_CONT)
            if code != CURLE_OK { fail(exchange, code) }
        }
    }

    /// Puts an exchange into the multi handle, or concludes it with the reason why not.
    private func attach(_ exchange: Exchange) {
        do throws(CurlFailure) {
            let handle = if let idle = idleHandles.popLast() { idle } else { try EasyHandle() }
            do throws(CurlFailure) {
                try handle.prepare(for: exchange, userAgent: userAgent)
            } catch {
                handle.recycle()
                throw error
            }
            guard curl_multi_add_handle(multi, handle.pointer) == CURLM_OK else {
                handle.recycle()
                throw CurlFailure(code: CURLE_OUT_OF_MEMORY)
            }
            exchange.handle = handle
            exchange.index = active.count
            active.append(exchange)
        } catch {
            exchange.conclude(.failure(TransferError(error.code, detail: error.text, exchange: exchange)))
        }
    }

    /// Takes an exchange out of the multi handle; libcurl calls none of its callbacks after this.
    private func detach(_ exchange: Exchange) {
        guard let handle = exchange.handle else { return }
        exchange.handle = nil
        curl_multi_remove_handle(multi, handle.pointer)
        handle.recycle()
        if idleHandles.count < maximumIdleHandles { idleHandles.append(handle) }
        let last = active.removeLast()
        if last !== exchange {
            last.index = exchange.index
            active[exchange.index] = last
        }
    }

    private func concludeFinished() {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            // The message is gone once its handle is removed.
            let code = message.pointee.data.result
            var state: UnsafeMutableRawPointer?
            guard ccurl_get_private(message.pointee.easy_handle, &state) == CURLE_OK, let state else { continue }
            let exchange = Unmanaged<Exchange>.fromOpaque(state).takeUnretainedValue()
            if code == CURLE_OK {
                let status = exchange.handle?.status ?? 0
                detach(exchange)
                // To libcurl an answer that breaks off within its head is one without content.
                exchange.conclude(exchange.hasHead ? .success(status) : .failure(.endedInHead(exchange.request)))
            } else if code == CURLE_ABORTED_BY_CALLBACK, exchange.refusal != nil, !exchange.openedSocket,
                !exchange.needsFreshConnection
            {
                // A kept connection that this exchange may not use. The name may lead elsewhere by now: ask again.
                detach(exchange)
                exchange.restart()
                exchange.needsFreshConnection = true
                attach(exchange)
            } else {
                fail(exchange, code)
            }
        }
    }

    private func fail(_ exchange: Exchange, _ code: CURLcode) {
        let detail = exchange.handle?.failureDetail ?? ""
        let text = detail.isEmpty ? CurlFailure(code: code).text : detail
        let error = TransferError(code, detail: text, exchange: exchange)
        detach(exchange)
        exchange.conclude(.failure(error))
    }

    private func sweep() {
        guard !active.isEmpty, case let now = ContinuousClock.now, now - lastSweep >= Self.sweepInterval else { return }
        lastSweep = now
        // Backwards, since detaching moves the last one to the place of the one that goes.
        for exchange in active.reversed() where !exchange.hasHead && exchange.deadline + Self.sweepInterval <= now {
            fail(exchange, CURLE_OPERATION_TIMEDOUT)
        }
    }

    /// The multi handle itself failed, which leaves its exchanges in an unknown state.
    private func abortAll(because code: CURLMcode) {
        let reason = String(cString: curl_multi_strerror(code))
        for exchange in active.reversed() {
            detach(exchange)
            exchange.conclude(.failure(TransferError(.resources, "The transfer was given up: \(reason).")))
        }
    }
}
