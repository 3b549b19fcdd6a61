import Glibc
import Testing

@testable import MartletAMQP

struct SessionStateTests {
    @Test func `cutting a connection whose number another file has by now does not touch that file`() throws {
        let state = SessionState()
        let first = try Self.pair()
        state.hasDescriptor(first[0])
        // As the library does when it gives a connection up.
        close(first[0])
        let second = try Self.pair()
        try #require(second[0] == first[0], "The lowest free number is given out next.")
        state.cut()
        var byte: UInt8 = 7
        #expect(send(second[1], &byte, 1, Int32(MSG_NOSIGNAL)) == 1)
        #expect(recv(second[0], &byte, 1, Int32(MSG_DONTWAIT)) == 1)
        // And the connection is cut.
        #expect(recv(first[1], &byte, 1, Int32(MSG_DONTWAIT)) == 0)
        state.hasDescriptor(nil)
        for descriptor in [first[1]] + second { close(descriptor) }
    }

    @Test func `a connection that is opened after the cut is cut, and the first reason stays`() throws {
        let state = SessionState()
        state.cut(because: .unread(at: "here"))
        state.cut()
        let ends = try Self.pair()
        state.hasDescriptor(ends[0])
        var byte: UInt8 = 0
        #expect(recv(ends[1], &byte, 1, Int32(MSG_DONTWAIT)) == 0)
        #expect(state.isCut)
        #expect(state.cutReason == .unread(at: "here"))
        state.hasDescriptor(nil)
        for descriptor in ends { close(descriptor) }
    }

    private static func pair() throws -> [Int32] {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return ends
    }
}
