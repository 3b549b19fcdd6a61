import Logging
import MartletPipeline
import Yams

extension ConfigurationReader {
    /// `enrichers`: a list, in the order of asking.
    func enrichers(_ node: Node, path: String) -> [Configuration.EnricherConfiguration] {
        if node.isNull { return [] }
        guard let sequence = node.sequence else {
            report(
                "is \(node.kindText), and should be a list: “- cloudstack: { … }”, in the order in which they are asked",
                at: node,
                path: path
            )
            return []
        }
        let descriptions = BuiltInComponents.enrichers
        return sequence.enumerated().compactMap { index, node in
            let path = "\(path)[\(index)]"
            let members = mapping(node, path: path, known: descriptions.map(\.name))
            let component = component(members, at: node, path: path, what: "enricher", descriptions: descriptions)
            guard let component, let type = BuiltInComponents.enricherType(named: component.kind) else { return nil }
            let context = ComponentContext(
                name: component.kind,
                body: .enriched,
                time: SystemTime(),
                logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
            )
            check(component.kind, members, path: path) {
                _ = try type.init(settings: component.settings, context: context)
                return []
            }
            return Configuration.EnricherConfiguration(kind: component.kind, settings: component.settings)
        }
    }
}
