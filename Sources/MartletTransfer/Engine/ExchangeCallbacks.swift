import CCurl
import Glibc

// libcurl calls these on the engine's thread, out of `curl_multi_perform` and `curl_easy_pause`, with an exchange that is in the
// engine's list: the unretained pointer is alive.

private func exchange(_ state: UnsafeMutableRawPointer?) -> Exchange? {
    state.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_WRITEFUNCTION: anything but the number of bytes given ends the transfer, the pause code apart.
let receiveContent: curl_write_callback = { bytes, size, count, state in
    guard let exchange = exchange(state) else { return 0 }
    switch exchange.receive(content: UnsafeRawBufferPointer(start: bytes, count: size * count)) {
    case .taken: return size * count
    case .pause: return Int(CURL_WRITEFUNC_PAUSE)
    case .abort: return 0
    }
}

/// CURLOPT_HEADERFUNCTION.
let receiveHeaderLine: curl_write_callback = { bytes, size, count, state in
    guard let exchange = exchange(state) else { return 0 }
    return exchange.receive(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

/// CURLOPT_OPENSOCKETFUNCTION: the address is the very one that will be connected to.
let openSocket: curl_opensocket_callback = { state, _, address in
    guard let exchange = exchange(state), let address, let socketAddress = ccurl_socket_address(address) else {
        return -1
    }
    let length = Int(address.pointee.addrlen)
    guard exchange.permits(NetworkAddress(socketAddress: socketAddress, length: length)) else { return -1 }
    exchange.openedSocket = true
    let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.pointee.family, type, address.pointee.protocol)
    if descriptor < 0 { exchange.lacksDescriptors = errno == EMFILE || errno == ENFILE }
    return descriptor
}

/// CURLOPT_PREREQFUNCTION: asked when the connection stands, be it new or one that an exchange of another policy opened.
let permitRequest: curl_prereq_callback = { state, remoteAddress, _, _, _ in
    guard let exchange = exchange(state) else { return CURL_PREREQFUNC_ABORT }
    return exchange.permits(remoteAddress.flatMap { NetworkAddress(text: $0) })
        ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
