# What other kernels call, for the compiler.

from searchkit.kernels.cursors cimport Cursor

cdef double first_threshold(
    unsigned char* data,
    long long size,
    Cursor* c,
    Py_ssize_t terms,
    double* weights,
    unsigned char* lengths,
    long long width,
    long long docs,
    unsigned char* deleted,
    bint has_deleted,
    double* table,
    Py_ssize_t limit,
    double* scores,
    long long* found,
) noexcept nogil
