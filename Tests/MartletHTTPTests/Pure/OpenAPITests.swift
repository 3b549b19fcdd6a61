import HTTPTypes
import MartletClient
import MartletJSON
import Testing

@testable import MartletHTTP

struct OpenAPITests {
    private let root: JSONValue

    init() throws { root = try JSONDocument(parsing: OpenAPI.document.bytes).root }

    @Test func `the document is OpenAPI 3_1 and lists every endpoint with its answers and problems`() throws {
        #expect(root["openapi"]?.string == "3.1.0")
        #expect(root["info"]?["title"]?.string != nil)
        for endpoint in Endpoint.all {
            let operation = try #require(root["paths"]?[endpoint.path]?[endpoint.method.rawValue.lowercased()])
            let responses = try #require(operation["responses"])
            #expect(responses[String(endpoint.status)] != nil)
            for problem in endpoint.problems { #expect(responses[String(problem.status)] != nil, "\(endpoint.name)") }
            #expect((operation["requestBody"] != nil) == (endpoint.body != nil))
            #expect((operation["parameters"]?.count ?? 0) == endpoint.parameters.count)
        }
    }

    @Test func `the parameters of a path are those that it names`() {
        for endpoint in Endpoint.all {
            let named = endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                $0.dropFirst().dropLast()
            }
            let described = endpoint.parameters.filter { $0.place == .path }
            #expect(described.map { $0.name[...] } == named, "\(endpoint.name)")
            #expect(described.allSatisfy { $0.isRequired })
        }
    }

    @Test func `names of operations are unique`() {
        #expect(Set(Endpoint.all.map(\.name)).count == Endpoint.all.count)
    }

    @Test func `every reference leads somewhere`() throws {
        var references: [String] = []
        collect(root, into: &references)
        #expect(references.count > 50)
        for reference in Set(references) {
            var place: JSONValue? = root
            for word in reference.split(separator: "/").dropFirst() { place = place?[String(word)] }
            #expect(place != nil, "\(reference)")
        }
    }

    private func collect(_ value: JSONValue, into references: inout [String]) {
        if let reference = value["$ref"]?.string { references.append(reference) }
        for member in value.members { collect(member.value, into: &references) }
        for element in value.elements { collect(element, into: &references) }
    }
}
