import Glibc
import Testing

@testable import MartletAMQP

struct DedicatedThreadTests {
    @Test func `a thread has room for headers that are nested as deep as a frame allows`() async {
        let size = await withCheckedContinuation { (continuation: CheckedContinuation<Int, Never>) in
            let isStarted = DedicatedThread.start {
                var attributes = pthread_attr_t()
                var size = 0
                if pthread_getattr_np(pthread_self(), &attributes) == 0 {
                    pthread_attr_getstacksize(&attributes, &size)
                    pthread_attr_destroy(&attributes)
                }
                continuation.resume(returning: size)
            }
            if !isStarted { continuation.resume(returning: 0) }
        }
        #expect(size >= 16 << 20)
    }
}
