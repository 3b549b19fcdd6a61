import Foundation
import Logging
import Martlet
import MartletClient
import MartletHTTP
import MartletPipeline

extension Gateway {
    /// The HTTP interface of a configuration; tells the options' `onListening` when it accepts.
    static func makeInterface(
        _ configuration: Configuration,
        pipeline: Pipeline,
        doors: HTTPInterface.Doors,
        readers: HTTPInterface.Readers,
        control: any ConfigurationControl,
        tokenHash: String,
        _ options: GatewayOptions
    ) -> HTTPInterface {
        let directory = configuration.store.path
        let tokenFile = directory + "/" + AdminToken.fileName
        var settings = HTTPInterface.Settings(
            version: Release.version,
            adminTokenHash: tokenHash,
            adminTokenLocation: tokenFile
        )
        settings.host = configuration.listen.host
        settings.port = configuration.listen.port
        settings.maximumBodyBytes = configuration.bodyLimit
        settings.maximumConnections = configuration.maximumConnections
        settings.isMetricsPublic = configuration.arePublicMetrics
        settings.components = BuiltInComponents.all
        settings.sources = doors
        settings.readers = readers
        settings.control = control
        return HTTPInterface(pipeline: pipeline, settings: settings, logger: options.logger) { host, port in
            let url = "http://\(Configuration.Listen(host: host, port: port))"
            leaveAddress(url, in: directory, options)
            options.onListening(
                GatewayOptions.Listening(url: url, dataDirectory: directory, tokenFile: tokenFile)
            )
        }
    }

    /// Leaves the address in the data directory, where the other commands look for it.
    private static func leaveAddress(_ url: String, in directory: String, _ options: GatewayOptions) {
        do {
            try Data((url + "\n").utf8).write(to: URL(filePath: directory + "/listen.url"), options: .atomic)
        } catch {
            options.logger.warning(
                "The address could not be left for the other commands; point them at it with MARTLET_URL.",
                metadata: ["error": "\(error)", "url": "\(url)"]
            )
        }
    }
}

extension HTTPInterface.Readers {
    /// From now on these may read, and nobody else.
    func use(_ readers: [Configuration.ReaderConfiguration]) {
        use(
            readers.map { reader in
                HTTPInterface.Reader(
                    name: reader.name,
                    tokenHashes: reader.tokens.map(AdminToken.hash),
                    gate: Gate(reader.protection)
                )
            }
        )
    }
}
