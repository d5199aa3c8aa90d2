# What other kernels call, for the compiler.

from searchkit.kernels.cursors cimport Cursor

cdef long long first_position(unsigned char* data, Cursor* c, Py_ssize_t r) noexcept nogil
cdef bint claim(
    long long size, Cursor* c, Py_ssize_t r, long long first, long long tf
) noexcept nogil
cdef long long phrase_frequency(
    unsigned char* data,
    unsigned char* positions,
    long long positions_size,
    Cursor* c,
    Py_ssize_t terms,
    long long slop,
    long long* offsets,
    long long* failed,
) noexcept nogil
cdef long long meet(
    unsigned char* data,
    unsigned char* positions,
    long long positions_size,
    Cursor* c,
    Py_ssize_t t,
    long long shift,
    bint is_first,
    unsigned long long* rows,
) noexcept nogil
