import Testing

@testable import MartletTransfer

@Suite struct PlainAddressTests {
    @Test(arguments: [
        "http://cloud.example/client/api", "HTTP://Cloud.Example:8080", "http://127.evil.example/",
        "http://127.0.0.1.evil.example/", "http://localhost.evil.example/", "http://localhost@evil.example/",
        "http://[fd00::1]:5000/v3", "http://128.0.0.1/", "http://127.0.0.256/",
    ])
    func `what crosses a network unencrypted is exposed`(_ url: String) {
        #expect(PlainAddress(url).isExposed)
    }

    @Test(arguments: [
        "https://cloud.example/", "http://127.0.0.1", "http://127.1.2.3:5000/v3", "http://localhost",
        "http://LOCALHOST:5000/v3", "http://localhost/x@evil.example", "http://[::1]:5000/v3", "http://[::1]",
    ])
    func `what is encrypted, or stays on this machine, is not`(_ url: String) {
        #expect(!PlainAddress(url).isExposed)
    }
}
