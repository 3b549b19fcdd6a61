import ServiceLifecycle
import UnixSignals

/// Has the configuration read anew at every SIGHUP.
struct ReloadSignals: Service {
    let signals: UnixSignalsSequence
    let reloader: ConfigurationReloader

    func run() async {
        for await _ in signals.cancelOnGracefulShutdown() {
            // What came of it is logged, and told by the status.
            _ = try? await reloader.reload()
        }
    }
}
