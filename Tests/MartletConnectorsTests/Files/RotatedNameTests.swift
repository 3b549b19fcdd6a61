import Martlet
import Testing

@testable import MartletConnectors

@Suite struct RotatedNameTests {
    @Test func `a full file is named after its second, and the second of a second after its number`() {
        let name = RotatedName(Timestamp(milliseconds: 1_769_773_115_999))
        #expect(name.suffix == "20260130T113835Z")
        #expect(name.next.suffix == "20260130T113835Z-2")
        #expect(name.next.next > name.next)
    }

    @Test(arguments: ["20260130T113835Z", "20260130T113835Z-2", "20260130T113835Z-10"])
    func `a name is read as it was written`(_ suffix: String) {
        #expect(RotatedName(suffix: suffix)?.suffix == suffix)
    }

    @Test func `the tenth of a second comes after its second one`() throws {
        #expect(
            try #require(RotatedName(suffix: "20260130T113835Z-10")) > #require(
                RotatedName(suffix: "20260130T113835Z-2")
            )
        )
    }

    @Test(arguments: [
        "", "gz", "20260130T113835Z.gz", "20260130T113835Z-1", "20260130T113835Z-02", "2026-01-30T1138Z", "1",
    ])
    func `files of other origin are left alone`(_ suffix: String) {
        #expect(RotatedName(suffix: suffix) == nil)
    }
}
