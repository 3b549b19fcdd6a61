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
        let statement = try RawStatement(database, "SELECT content, crc FROM fragments WHERE id = ?")
        statement.bind(1, number)
        let read = try statement.first { row in
            let content = row.bytes(0)
            guard FragmentTable.checksum(number, content) == row.integer(1) else { throw FieldReader.Malformed() }
            var partial = PartialEvent()
            // A fragment refers to no other.
            try partial.add(content) { _ in throw FieldReader.Malformed() }
            return Fragment(partial)
        }
        guard let read else { throw FieldReader.Malformed() }
        fragments.withLock { $0[number] = read }
        return read
    }
}
