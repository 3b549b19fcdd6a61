import Foundation
import MartletClouds
package import MartletPipeline

/// Joins rows of a table of the operator's own to what leaves.
///
/// It asks nobody, so that it is no ``Enricher``: its table is read with the configuration, and joined at delivery.
package enum LookupEnricher {
    package static let description = ComponentDescription(
        kind: .enricher,
        name: "lookup",
        summary: "Joins a row of a table of your own, in CSV or JSON, beside a resource's document.",
        fields: [
            FieldDescription("file", .path, isRequired: true, "The table; it is read again with the configuration."),
            FieldDescription(
                "key",
                .string,
                isRequired: true,
                """
                What of a resource a row is found by: `tenantid`, `domainid`, `id`, `name`, `cloud`, or a kind of its \
                relations, as `zone`.
                """
            ),
            FieldDescription(
                "key-column",
                .string,
                "The table's column for that, where it is not called as `key` says."
            ),
            FieldDescription("columns", .strings, "The columns that are joined; all others where none are named."),
            FieldDescription("clouds", .strings, "The clouds whose resources are looked up; all where none are named."),
            FieldDescription(
                "audience",
                .choice(["admin", "user"]),
                default: "admin",
                "Whether only administrators see the columns, or tenants too, as `protect.audience` says."
            ),
        ],
        example: """
            enrichers:
              - lookup:
                  file: /etc/martlet/costs.csv
                  key: tenantid
                  columns: [costcentre]
            """
    )

    private static let maximumBytes = 64 << 20

    /// Checks the settings and reads the table; blocks for as long as the disk needs.
    package static func table(_ settings: ComponentSettings) throws(ComponentError) -> LookupTable {
        guard let path = settings.string("file") else {
            throw ComponentError(field: "file", "is missing: it names a table in CSV or JSON")
        }
        guard let name = settings.string("key") else {
            throw ComponentError(field: "key", "is missing: it says by what of a resource a row is found, as tenantid")
        }
        let key = try key(named: name)
        let columns = settings.strings("columns")
        let content = LookupContent(
            key: settings.string("key-column") ?? name,
            columns: columns.isEmpty ? nil : columns
        )
        let text = try text(of: path)
        let clouds = settings.strings("clouds")
        do throws(LookupContent.Failure) {
            return LookupTable(
                key: key,
                rows: try content.rows(of: text),
                clouds: clouds.isEmpty ? nil : Set(clouds),
                audience: settings.string("audience") == "user" ? .user : .admin
            )
        } catch {
            throw ComponentError(field: "file", "\(path): \(error.reason)")
        }
    }

    private static func key(named name: String) throws(ComponentError) -> LookupTable.Key {
        let keys: [String: LookupTable.Key] = [
            "id": .id, "name": .name, "cloud": .cloud, "tenantid": .tenantID, "domainid": .domainID,
        ]
        if let key = keys[name] { return key }
        guard RelationKinds.resourceType(of: name) != nil else {
            throw ComponentError(field: "key", Spelling.unknown("key", name, known: Array(keys.keys)))
        }
        return .relation(name)
    }

    private static func text(of path: String) throws(ComponentError) -> [UInt8] {
        let content: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            content = try file.read(upToCount: maximumBytes + 1) ?? Data()
        } catch {
            throw ComponentError(
                field: "file",
                "\(path) cannot be read: check that it is there, and that this user may read it"
            )
        }
        guard content.count <= maximumBytes else {
            throw ComponentError(field: "file", "\(path) is larger than 64 MiB: leave out what is not joined")
        }
        return Array(content)
    }
}
