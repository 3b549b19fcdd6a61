import Martlet
import Testing

@Suite struct TimestampTests {
    @Test func `milliseconds are rounded down, at the ends of the range too`() {
        #expect(Timestamp(nanoseconds: 1_999_999).milliseconds == 1)
        #expect(Timestamp(nanoseconds: -1).milliseconds == -1)
        #expect(Timestamp(nanoseconds: -1_000_000).milliseconds == -1)
        #expect(Timestamp(nanoseconds: .max).milliseconds == 9_223_372_036_854)
        #expect(Timestamp(nanoseconds: .min).milliseconds == -9_223_372_036_855)
    }

    @Test func `what is out of range becomes the nearest end of it`() {
        #expect(Timestamp(milliseconds: .max) == Timestamp(nanoseconds: .max))
        #expect(Timestamp(milliseconds: .min) == Timestamp(nanoseconds: .min))
        #expect(Timestamp(seconds: 9_223_372_037) == Timestamp(nanoseconds: .max))
        #expect(Timestamp(seconds: -5).nanoseconds == -5_000_000_000)
    }
}
