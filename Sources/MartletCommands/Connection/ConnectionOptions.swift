import ArgumentParser

/// Where the server is and what lets us in: the options of every command that speaks to one.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The server's address, else MARTLET_URL, else DIR/listen.url.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("A file with the token, else MARTLET_TOKEN, else DIR/admin.token.", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("The server's data directory, where it leaves its address and token.", valueName: "dir"))
    var data = "./martlet-data"
}
