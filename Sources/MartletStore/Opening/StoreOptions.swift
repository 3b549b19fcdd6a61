package import Logging
package import MartletPipeline

/// How a store is opened.
package struct StoreOptions: Sendable {
    /// When a commit counts as done.
    package enum Durability: String, Sendable, CaseIterable {
        /// After fsync: promise 1.
        case full = "FULL"
        /// Without waiting for the disk: a crash of the machine, not of Martlet, may lose the last commits.
        case relaxed = "NORMAL"
    }

    package var durability = Durability.full
    /// Resources that the writer keeps decoded, about 1.5 KB each.
    package var cachedResources = 20_000
    /// SQLite's page cache of the writing connection, in bytes.
    package var writerCacheBytes = 16 << 20
    /// Reading connections, and so pages read at once.
    package var readers = 4
    /// The pages in the write-ahead log from which a checkpoint makes the writer begin it anew: 40 MB. Writing over
    /// what is there costs less than making a file longer, by about 1 µs of CPU an event where they come without a pause.
    package var maximumLogPages = 10_000
    /// How far publishers' clocks may differ, in the rules of the index.
    package var clockSkew = Duration.seconds(5)
    /// The clock that maintenance and the horizon of identities go by.
    package var time: any TimeSource = SystemTime()
    package var logger = Logger(label: "martlet.store")

    /// The size that the file may grow to, in pages; for seeing a full disk without one.
    var maximumPages: Int64?
    /// Tells the type of the file system of a directory, so that others than this machine's can be tried.
    var fileSystemType: @Sendable (_ directory: String) -> String? = MountedFileSystem.type(of:)
    /// Fragments kept before events carry their kind themselves.
    var fragmentCapacity = 16_384
    /// No position up to here is given: a repair knows of events that are not in the log any more.
    var minimumHead: Int64 = 0
    /// Stands in for the keyed hash of a resource's name, so that collisions can be made.
    var resourceHash: (@Sendable (_ name: [UInt8]) -> Int64)?

    package init() {}
}
