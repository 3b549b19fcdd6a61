import GRDB
import MartletPipeline
import Synchronization

/// The fragments that have been read, decoded: the readers' side of ``FragmentTable``, and bounded as it is.
///
/// Only what is committed gets in here, so that a number which a rollback gave back never stands for the wrong content.
final class FragmentCache: Sendable {
    /// A fragment in a box: a field of it can be read without a copy of all the others.
    final class Fragment: Sendable {
        let partial: PartialEvent

        init(_ partial: PartialEvent) { self.partial = partial }
    }

    private let fragments = Mutex<[Int64: Fragment]>([:])

    /// The fragment of this number.
    ///
    /// - Throws: ``StoreError`` `.damaged` where there is none, or another than was written.
    func fragment(_ number: Int64, on database: Database) throws -> Fragment {
        if let known = fragments.withLock({ $0[number] }) { return known }
        // Where the fragment is damaged there is a copy.
        for table in ["fragments", "fragment_copies"] {
            let statement = try RawStatement(database, "SELECT content, crc FROM \(table) WHERE id = ?")
            statement.bind(1, number)
            let read = try statement.first { row -> Fragment? in
                let content = row.bytes(0)
                guard FragmentTable.checksum(number, content) == row.integer(1) else { return nil }
                var partial = PartialEvent()
                // A fragment refers to no other.
                try partial.add(content) { _ in throw FieldReader.Malformed() }
                return Fragment(partial)
            }
            guard case .some(.some(let fragment)) = read else { continue }
            fragments.withLock { $0[number] = fragment }
            return fragment
        }
        throw FieldReader.Malformed()
    }
}
