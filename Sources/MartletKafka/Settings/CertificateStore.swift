import MartletPipeline

/// What a file of keys or certificates is, by its first bytes: Java reads some of them whatever their declared type.
enum CertificateStore: Sendable, Hashable {
    case pem
    case pkcs12
    case jks

    /// - Throws: ``ComponentError`` where the file cannot be read, or is none of these.
    init(_ property: WrittenProperty) throws(ComponentError) {
        let bytes: [UInt8]
        do throws(ComponentError) {
            bytes = Array(try SettingsFile.read(property.value, field: property.origin.field, atMost: 64 << 10))
        } catch {
            // CloudStack's file names a store on CloudStack's machine: what is to be done with it, its name tells.
            guard property.value.lowercased().hasSuffix(".jks") else { throw error }
            self = .jks
            return
        }
        switch bytes.first {
        case 0xFE, 0xCE: self = .jks
        // A sequence in DER.
        case 0x30: self = .pkcs12
        default:
            guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
                throw property.origin.error(
                    property.name,
                    "names \(property.value), which is neither PEM nor PKCS12 nor a Java key store"
                )
            }
            self = .pem
        }
    }

    /// Why a trust store cannot be used as it is, and how to make one that can; `nil` for one that can.
    func trustConversion(of path: String) -> String? {
        switch self {
        case .pem: nil
        case .pkcs12:
            """
            names a PKCS12 trust store, and librdkafka reads certificates in PEM; convert it with `\(Self.toPEM(path))`, \
            and set ca-file: \(path).pem
            """
        case .jks:
            """
            names a Java key store (JKS), and librdkafka reads certificates in PEM; convert it with \
            `\(Self.toPKCS12(path))`, then `\(Self.toPEM("\(path).p12", path))`, and set ca-file: \(path).pem
            """
        }
    }

    /// The same for a key store, which may be PKCS12.
    func keyConversion(of path: String) -> String? {
        guard self == .jks else { return nil }
        return """
            names a Java key store (JKS), and librdkafka reads PKCS12; convert it with `\(Self.toPKCS12(path))`, and set \
            ssl.keystore.location: \(path).p12 under properties
            """
    }

    private static func toPKCS12(_ path: String) -> String {
        "keytool -importkeystore -srckeystore \(path) -destkeystore \(path).p12 -deststoretype PKCS12"
    }

    private static func toPEM(_ path: String, _ target: String? = nil) -> String {
        "openssl pkcs12 -in \(path) -nokeys -out \(target ?? path).pem"
    }
}
