import MartletGateway
import Testing

struct KnownSecretsTests {
    private func cut(_ secrets: String..., from text: String) -> String {
        var known = KnownSecrets()
        for secret in secrets { known.add(secret) }
        return known.cut(from: text)
    }

    @Test func `a secret is cut wherever it stands, in every spelling`() {
        let text = #"a p"ss/w@rd b p%22ss%2Fw%40rd c p\"ss/w@rd d p\"ss\/w@rd"#
        #expect(cut(#"p"ss/w@rd"#, from: text) == "a (secret) b (secret) c (secret) d (secret)")
    }

    @Test func `the password in a URL is one by itself, as written and as meant`() {
        #expect(
            cut("rabbit://u:hunter%402@h1,u:second2@h2/", from: "hunter%402 hunter@2 second2 h2")
                == "(secret) (secret) (secret) h2"
        )
    }

    @Test func `of two the longer is cut first`() {
        #expect(cut("hunter2", "hunter2hunter2", from: "x hunter2hunter2 y") == "x (secret) y")
    }

    @Test func `what is short or known to everybody would leave nothing to read`() {
        #expect(cut("abc", "guest", "martlet", "", from: "martlet abc guest") == "martlet abc guest")
    }
}
