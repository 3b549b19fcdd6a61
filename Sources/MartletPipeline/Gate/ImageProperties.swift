/// Where the properties of an image stand in a document.
///
/// In a notification of Glance's they are a map, `properties`; in a document of its API they stand beside the base properties. Of an
/// instance or a volume that was made of an image Nova, Cinder and Ironic copy them along: `image_meta`, `image.properties`,
/// `image_properties`, `volume_image_metadata`, and `glance_metadata`, a list of keys and values.
enum ImageProperties {
    /// Every base property: what the schema of an image in Glance's API v2 names (`glance/api/v2/images.py`,
    /// `_get_base_properties`), and what else its notifications and its older API say of an image itself
    /// (`glance/notifier.py`, `format_image_notification`).
    private static let base: Set<String> = [
        "id", "name", "status", "visibility", "protected", "os_hidden", "checksum", "os_hash_algo", "os_hash_value",
        "owner", "size", "virtual_size", "container_format", "disk_format", "created_at", "updated_at", "tags",
        "direct_url", "min_ram", "min_disk", "self", "file", "schema", "locations", "location", "stores", "is_public",
        "deleted", "deleted_at",
    ]
    /// What Nova and Cinder say of the image in what they copy.
    private static let copied: Set<String> = ["base_image_ref", "image_id", "image_name", "size"]

    /// What the members of an object are.
    enum Part: Sendable {
        /// None of them is a property.
        case none
        /// Some of them may hold properties. In an image's own notification a map named `properties` does.
        case event(isOfImage: Bool)
        /// The document of a resource in the index: what the cloud says of it is in `details`.
        case record(isOfImage: Bool)
        /// They are properties but for the base ones.
        case document
        /// Each is a property.
        case map
    }

    /// Whether a member of an object is a property by its key.
    static func isProperty(_ key: String, in part: Part) -> Bool {
        switch part {
        case .none, .event, .record: false
        case .document: key != "properties" && !base.contains(key) && !copied.contains(key)
        case .map: true
        }
    }

    /// What the members of a member's value are.
    static func part(of key: String, in part: Part) -> Part {
        switch part {
        case .none, .map: return .none
        case .record(let isOfImage):
            guard key == "details" else { return .none }
            return isOfImage ? .document : .event(isOfImage: false)
        case .document: return key == "properties" ? .map : .none
        case .event(let isOfImage):
            switch key {
            case "properties": return isOfImage ? .map : part
            case "image_meta", "volume_image_metadata": return .document
            case "glance_metadata", "image_properties": return .map
            case "image": return .event(isOfImage: true)
            default: return part
            }
        }
    }
}
