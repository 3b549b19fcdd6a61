import CMalloc
import MartletCommands

// One heap for all threads: glibc's heap for each fragments under a writer and its readers, to several times the memory.
mallopt(M_ARENA_MAX, 1)
await MartletProgram.main()
