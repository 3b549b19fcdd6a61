import Glibc
import MartletCommands

// One arena: glibc's heap of a thread for each core fragments under a writer and many readers, to several times the memory.
mallopt(M_ARENA_MAX, 1)
await MartletProgram.main()
