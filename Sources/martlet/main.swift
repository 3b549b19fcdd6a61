import MartletCommands

await MartletProgram.main()
