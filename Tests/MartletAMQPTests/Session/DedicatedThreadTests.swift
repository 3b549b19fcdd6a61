import Glibc
import MartletPipeline
import Testing

@testable import MartletAMQP

struct DedicatedThreadTests {
    @Test func `a thread has room for headers that are nested as deep as a frame allows`() async {
        let size = await withCheckedContinuation { (continuation: CheckedContinuation<Int, Never>) in
            let isStarted = DedicatedThread.start {
                continuation.resume(returning: Self.stackSize() ?? 0)
            }
            if !isStarted { continuation.resume(returning: 0) }
        }
        #expect(size >= 16 << 20)
    }

    /// Of the thread that calls it; by an extension of the C library that its headers hide from Swift.
    private static func stackSize() -> Int? {
        typealias Getter = @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32
        guard let symbol = dlsym(nil, "pthread_getattr_np") else { return nil }
        var attributes = pthread_attr_t()
        var size = 0
        guard unsafeBitCast(symbol, to: Getter.self)(pthread_self(), &attributes) == 0 else { return nil }
        pthread_attr_getstacksize(&attributes, &size)
        pthread_attr_destroy(&attributes)
        return size
    }
}
