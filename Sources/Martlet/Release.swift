/// Which release this is: the one place behind `martlet version`, the API's status and the `User-Agent`.
package enum Release {
    package static let version = "0.6.0"
}
