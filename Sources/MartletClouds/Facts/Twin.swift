/// What two events have in common that tell of one deed in two forms.
///
/// Where `notification_format` is `both`, nova sends each notification unversioned and versioned; Designate sends that of a
/// zone as `dns.zone.…` and as `dns.domain.…`.
package struct Twin: Sendable, Hashable {
    /// The same text for both: of which request, what was done, to what.
    package var deed: String
    /// Which of the two forms it is.
    package var form: String

    package init(deed: String, form: String) {
        self.deed = deed
        self.form = form
    }
}
