#include <zmq.h>
/// `errno` is a macro, which Swift cannot import.
static inline int czmq_errno(void) { return zmq_errno(); }
