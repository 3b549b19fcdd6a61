#pragma once

/// How jemalloc, which this module links in the place of the C library's `malloc`, is set up: it looks for this very
/// name before `main` begins.
extern const char *malloc_conf;
