import Foundation
import Martlet
import MartletClouds
import MartletJSON
import Testing

@Suite struct OpenStackCatalogueTests {
    private let catalogue = OpenStackCatalogue.openStack

    /// The rows of the reference; the catalogue was made from them.
    private static let path =
        (ProcessInfo.processInfo.environment["MARTLET_REFERENCE"] ?? "../shared/reference")
        + "/openstack-event-types.txt"

    @Test func `all event types are there`() {
        #expect(catalogue.names.count == 706)
        #expect(Set(catalogue.names).count == 706)
        #expect(catalogue.names.allSatisfy { catalogue.contains($0) })
        #expect(!catalogue.contains("instance-create-end"))
        #expect(!catalogue.contains("instance.create.ended"))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: path), "the reference is absent"))
    func `every row of the reference is known, with its service`() throws {
        let rows = try String(contentsOfFile: Self.path, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(rows.count == 719)
        for row in rows {
            let columns = row.split(separator: "\t").map(String.init)
            #expect(catalogue.service(of: columns[1]) == columns[0], "\(row)")
        }
    }

    /// They speak of no resource.
    private static let withoutResource: Set<String> = [
        "compute.exception", "libvirt.connect.error", "compute.libvirt.error", "dns.api.fault",
    ]

    /// A payload with every id that some service writes, each its own name, so that the test sees which one was taken.
    private static var payload: String {
        let names = [
            "uuid", "id", "flavorid", "host", "host_name", "name", "namespace", "user_id", "account", "container",
            "object", "label_id", "type_id", "stack_identity", "resource_info", "parent_resource_id",
        ]
        return "{" + names.map { #""\#($0)": "<\#($0)>""# }.joined(separator: ", ")
            + #", "parent_resource": "networks", "target": {"id": "<target.id>"}, "instance_uuid": "<instance_uuid>", "#
            + #""volume_id": "<volume_id>", "image_id": "<image_id>", "floating_ip": "<floating_ip>"}"#
    }

    @Test func `every type maps to service, resource, id, category and phase`() throws {
        for name in catalogue.names {
            let event = try decodeOslo(notification(name, Self.payload, publisher: "x.y"))
            #expect(event.type == "org.openstack.\(name)")
            #expect(event.topic.words.first.map(String.init) == catalogue.service(of: name), "\(name)")
            #expect(event.category != .other || name.hasSuffix("metrics.update"), "\(name)")
            if !Self.withoutResource.contains(name) {
                #expect(event.resource != nil, "\(name)")
                #expect(event.fields.extensions["origintype"] != nil, "\(name)")
            }
            let last = name.split(separator: ".").last ?? ""
            switch last {
            case "start": #expect(event.fields.phase == .started && event.fields.outcome == nil, "\(name)")
            case "end", "success":
                #expect(event.fields.phase == .completed && event.fields.outcome == .success, "\(name)")
            case "error", "failure":
                #expect(event.fields.phase == .completed && event.fields.outcome == .failure, "\(name)")
                #expect(event.fields.severity == .error, "\(name)")
            case "exists", "usage", "meter":
                #expect(event.category == .usage && event.fields.phase == nil, "\(name)")
            default:
                #expect(event.fields.phase != nil || [.alert, .other].contains(event.category), "\(name)")
            }
        }
    }

    @Test func `only the end of a deletion deletes, and only the whole resource`() throws {
        var deleting: Set<String> = []
        for name in catalogue.names {
            let body = notification(name, Self.payload, publisher: "x.y")
            if try osloFacts(body)?.isDeletion == true { deleting.insert(name) }
        }
        for name in deleting {
            let words = name.split(separator: ".")
            #expect(words.contains("delete") || words.last == "deleted", "\(name)")
            #expect(!["start", "error"].contains(words.last), "\(name)")
        }
        #expect(deleting.isSuperset(of: ["instance.delete.end", "compute.instance.delete.end", "volume.delete.end"]))
        #expect(
            deleting.isSuperset(of: ["image.delete", "identity.project.deleted", "flavor.delete", "dns.zone.delete"])
        )
        #expect(
            deleting.isDisjoint(
                with: [
                    "instance.soft_delete.end", "image.member.delete", "volume.transfer.delete.end", "tag.delete",
                    "router.interface.delete", "volume_type_extra_specs.delete", "group_type_specs.delete",
                    "metadef_namespace.delete_objects", "compute.instance.delete_ip.end",
                ]
            )
        )
    }
}
