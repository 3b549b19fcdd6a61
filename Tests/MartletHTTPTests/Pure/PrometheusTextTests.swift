import HTTPTypes
import Testing

@testable import MartletHTTP

struct PrometheusTextTests {
    @Test func `labels and help are escaped`() {
        var text = PrometheusText()
        text.metric("m_total", .counter, "A \\ and\na \"line\".")
        text.sample("m_total", [("a", "x\"y\\z\n"), ("b", "ü")], 7)
        #expect(
            text.text == """
                # HELP m_total A \\\\ and\\na "line".
                # TYPE m_total counter
                m_total{a="x\\"y\\\\z\\n",b="ü"} 7

                """
        )
    }

    @Test func `requests are counted by method and class, invented methods together`() throws {
        let counters = RequestCounters()
        counters.count(.get, status: 200)
        counters.count(.get, status: 204)
        counters.count(try #require(HTTPRequest.Method("FOO")), status: 405)
        counters.count(try #require(HTTPRequest.Method("BAR")), status: 404)
        #expect(
            counters.all == [
                .init(method: "GET", statusClass: "2xx"): 2, .init(method: "other", statusClass: "4xx"): 2,
            ]
        )
    }
}
