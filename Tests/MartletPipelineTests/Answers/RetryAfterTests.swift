import Martlet
import Testing

@testable import MartletPipeline

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT
    private static let now = Timestamp(seconds: 784_111_777)

    @Test(arguments: [
        ("0", 0), ("120", 120), ("3600", 3_600), ("86400", 3_600), ("99999999999999999999999", 3_600),
        ("Sun, 06 Nov 1994 08:50:07 GMT", 30),
        ("Sun Nov  6 08:50:07 1994", 30),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ("Mon, 07 Nov 1994 08:49:37 GMT", 3_600),
    ])
    func `seconds and dates are read, and bounded to an hour`(text: String, seconds: Int) {
        #expect(RetryAfter(text, now: Self.now)?.duration == .seconds(seconds))
    }

    @Test func `the year of two digits is one of this century`() {
        let now = Timestamp(seconds: 1_767_225_600)
        #expect(RetryAfter("Thursday, 01-Jan-26 00:00:30 GMT", now: now)?.duration == .seconds(30))
    }

    @Test(arguments: [
        "", "-1", "1.5", "soon", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "1 2 3 4 5 6 7",
    ])
    func `anything else is no wait at all`(_ text: String) {
        #expect(RetryAfter(text, now: Self.now) == nil)
    }
}
