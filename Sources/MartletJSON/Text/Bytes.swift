/// A slice of the bytes that came in; slicing further copies nothing.
public typealias Bytes = ArraySlice<UInt8>
