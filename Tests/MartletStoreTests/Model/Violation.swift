/// A promise that has been broken.
struct Violation: Error, CustomStringConvertible {
    var promise: Int
    var what: String

    init(_ promise: Int, _ what: String) {
        self.promise = promise
        self.what = what
    }

    var description: String { "promise \(promise): \(what)" }
}
