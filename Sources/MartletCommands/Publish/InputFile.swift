import Foundation

/// The bytes of a file or of standard input, as much of them at a time as is asked for.
final class InputFile {
    /// For messages: the path, or `standard input`.
    let name: String
    /// In bytes; nil where it is not known before the end.
    let size: Int?
    private let handle: FileHandle

    /// - Parameter path: `-` is standard input.
    /// - Throws: ``CommandFailure`` where there is nothing to read.
    init(path: String) throws {
        guard path != "-" else {
            name = "standard input"
            size = nil
            handle = .standardInput
            return
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure("There is no file \(path).")
        }
        guard !isFolder.boolValue, let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure("The file \(path) cannot be read.")
        }
        name = path
        self.handle = handle
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        size =
            attributes[.type] as? FileAttributeType == .typeRegular ? (attributes[.size] as? NSNumber)?.intValue : nil
    }

    /// The next bytes, empty at the end.
    func read(atMost count: Int) throws -> [UInt8] {
        do {
            return Array(try handle.read(upToCount: count) ?? Data())
        } catch {
            throw CommandFailure("\(name) could not be read any further: \(error.localizedDescription)")
        }
    }
}
