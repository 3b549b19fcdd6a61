import Testing

@testable import MartletEnrichers

@Suite struct ListedIDsTests {
    @Test func `ids are the same only where their texts are, whatever they look like`() {
        var ids = ListedIDs()
        let forms = [
            "0123abcd-0000-4000-8000-00000000ffff", "0123abcd00004000800000000000ffff",
            "0123ABCD-0000-4000-8000-00000000FFFF", "0123ABCD00004000800000000000FFFF",
            "0123abcd-0000-4000-80000-0000000ffff", "0123abcd00004000800000000000fffg", "42", "",
            "default", "0123abcd-0000-4000-8000-00000000fffé", "1123abcd-0000-4000-8000-00000000ffff",
            "0123abcd-0000-4000-8000-00000000fffe", "------------------------------------",
        ]
        for id in forms {
            #expect(!ids.contains(id))
            let isNew = ids.insert(id)
            #expect(isNew && ids.contains(id))
        }
        for id in forms {
            let isNew = ids.insert(id)
            #expect(!isNew)
        }
    }
}
