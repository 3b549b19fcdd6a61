import Glibc

// libFuzzer calls `LLVMFuzzerTestOneInput` with one input after the other. Its own `main` is not used, because Swift's
// build gives an executable's main another name: this one hands over to it.

/// The target that `MARTLET_FUZZ_TARGET` names.
private let target: FuzzTarget = {
    let name = getenv("MARTLET_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTargets.all.first(where: { $0.name == name }) else {
        let names = FuzzTargets.all.map(\.name).joined(separator: " ")
        print("TARGET is one of: \(names)")
        exit(64)
    }
    return target
}()

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the executable begins with.
@_cdecl("fuzz_main")
public func fuzzMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    _ = target
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments) { LLVMFuzzerTestOneInput($0, $1) }
}

/// Tries one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count))[...])
    } catch {
        // What libFuzzer takes for a crash, and saves the input of.
        print("\(target.name): \(error)")
        fflush(nil)
        abort()
    }
    return 0
}
