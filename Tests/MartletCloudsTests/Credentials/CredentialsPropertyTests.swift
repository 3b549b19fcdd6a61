import MartletClouds
import MartletJSON
import Testing

@Suite struct CredentialsPropertyTests {
    /// Makes the same values on each run.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// A value with credentials, all of them `LIVE`, in members, in nested JSON and in text.
    static func value(depth: Int, nesting: Int, using generator: inout Generator) -> [UInt8] {
        var writer = JSONWriter()
        switch depth == 0 ? 0 : Int.random(in: 0...4, using: &generator) {
        case 1, 2:
            writer.beginObject()
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                if Bool.random(using: &generator) {
                    writer.key(["password", "X-Auth-Token", "Session_Key"].randomElement(using: &generator) ?? "token")
                    writer.string("LIVE \"quoted\", é\n")
                } else {
                    writer.key(["name", "é\n", "tokens", ""].randomElement(using: &generator) ?? "name")
                    writer.raw(value(depth: depth - 1, nesting: nesting, using: &generator))
                }
            }
            writer.endObject()
        case 3:
            writer.beginArray()
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                writer.raw(value(depth: depth - 1, nesting: nesting, using: &generator))
            }
            writer.endArray()
        case 4 where nesting > 0:
            let inner = value(depth: depth - 1, nesting: nesting - 1, using: &generator)
            writer.string(String(decoding: inner, as: UTF8.self))
        default:
            writer.string(
                ["a=1&token=LIVE&b=2", "plain", "say \\ \"é\"", "\nsecret=LIVE"].randomElement(using: &generator) ?? ""
            )
        }
        return writer.bytes
    }

    @Test(arguments: 0..<400)
    func `what is left is JSON without a credential, and cutting again changes nothing`(seed: Int) throws {
        var generator = Generator(state: UInt64(seed) &* 7_919)
        let body = CredentialsPropertyTests.value(depth: 7, nesting: 4, using: &generator)
        let rest = Credentials.cut(from: body[...])
        let left = rest ?? body[...]
        _ = try JSONDocument(parsing: left)
        #expect(!String(decoding: left, as: UTF8.self).contains("LIVE"))
        #expect(Credentials.cut(from: left) == nil)
        #expect((rest == nil) == !String(decoding: body, as: UTF8.self).contains("LIVE"))
    }
}
