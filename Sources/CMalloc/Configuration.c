#include "CMalloc.h"

// Two heaps for all threads: more of them keep more memory for themselves and are no faster. What has been freed goes
// back to the system after a second. A thread keeps pieces of up to 8 KiB at hand: nothing larger is made for each event.
const char *malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0,lg_tcache_max:13";
