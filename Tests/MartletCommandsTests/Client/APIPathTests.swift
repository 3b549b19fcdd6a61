import Martlet
import MartletClient
import Testing

struct APIPathTests {
    @Test func `segments and values are encoded, each on its own`() {
        var path = APIPath("resources", "Ünï/x", "a b?c")
        path.add("match", "*.#")
        path.add("after", Position(rawValue: 7))
        path.add("cloud", String?.none)
        path.add("match", "a&b=c")
        #expect(path.description == "/v1/resources/%C3%9Cn%C3%AF%2Fx/a%20b%3Fc?match=%2A.%23&after=7&match=a%26b%3Dc")
    }
}
