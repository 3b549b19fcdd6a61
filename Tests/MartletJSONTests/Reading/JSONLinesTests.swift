import MartletJSON
import Testing

@Suite struct JSONLinesTests {
    @Test(arguments: [
        ("", []), ("\n\r\n \t\n", []), ("1", ["1"]), ("1\n", ["1"]), ("1\r\n\r\n2\n\n3", ["1", "2", "3"]),
        (" {\"a\":1} \n[2]\r", [" {\"a\":1} ", "[2]"]),
    ])
    func `each line is a text`(lines: String, expected: [String]) {
        #expect(JSONLines.split(slice(lines)).map { text($0) } == expected)
    }
}
