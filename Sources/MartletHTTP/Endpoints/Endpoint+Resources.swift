import HTTPTypes
import MartletClient

extension Endpoint {
    private static let resourceParameters = [
        Parameter(name: "type", place: .path, isRequired: true, summary: "The type: `VirtualMachine`."),
        Parameter(name: "id", place: .path, isRequired: true, summary: "The id in the cloud."),
        Parameter(name: "cloud", summary: "The cloud; needed where several have such a resource."),
    ]

    static let searchResources = Endpoint(
        method: .get,
        path: "/v1/resources",
        name: "searchResources",
        summary: "Searches the resources, best first.",
        details: """
            The search trails the log; `indexedthrough` says how far it has come. A reader from whom something is hidden \
            finds what it may see, in an order that says nothing. Such a request looks at 20,000 resources at the most; \
            a page may be short, with `next` set, and goes on with `after` = `next`.
            """,
        access: .reader,
        parameters: [
            Parameter(
                name: "search",
                form: .word,
                isRequired: true,
                summary: "What to look for in names, ids, addresses and descriptions."
            ),
            Parameter(name: "type", summary: "Only this type."),
            Parameter(name: "cloud", summary: "Only this cloud."),
            Parameter(name: "state", summary: "Only this state."),
            limitParameter,
            Parameter(name: "after", form: .decimal, summary: "Where to go on: what `next` said."),
        ],
        answer: .json("ResourceList", "The resources."),
        problems: [.invalidParameter, .unauthorized, .forbidden, .internal]
    )

    static let resource = Endpoint(
        method: .get,
        path: "/v1/resources/{type}/{id}",
        name: "getResource",
        summary: "What is known of a resource.",
        access: .reader,
        parameters: resourceParameters,
        answer: .json("Resource", "The resource."),
        problems: [.invalidParameter, .unauthorized, .unknownResource, .ambiguousResource, .internal]
    )

    static let timeline = Endpoint(
        method: .get,
        path: "/v1/resources/{type}/{id}/timeline",
        name: "getTimeline",
        summary: "The events of a resource, newest first.",
        access: .reader,
        parameters: resourceParameters + [
            Parameter(name: "before", form: .decimal, summary: "The position before which to read."), limitParameter,
            bodyParameter,
        ],
        answer: .json("Timeline", "The events."),
        problems: [.invalidParameter, .unauthorized, .forbidden, .unknownResource, .ambiguousResource, .internal]
    )
}
