import Glibc
import Synchronization

/// Ports on 127.0.0.1 that nobody listens on.
///
/// They lie below those that the kernel gives to outgoing connections, so that a server that is stopped finds its port
/// free when it starts again. None is given out twice in a process.
package enum FreePort {
    private static let given = Mutex<Set<Int>>([])

    package static func next() throws -> Int {
        for _ in 0..<1_000 {
            let port = Int.random(in: 20_000..<32_000)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            guard let socket = try? LoopbackSocket.listen(on: port) else { continue }
            close(socket)
            return port
        }
        throw ServerProcess.Failure("no free port between 20000 and 32000 was found on 127.0.0.1")
    }
}
