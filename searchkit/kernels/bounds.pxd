# What other kernels call, for the compiler.

from searchkit.kernels.cursors cimport Cursor

cdef double list_bound(
    unsigned char* data,
    Cursor* c,
    Py_ssize_t r,
    unsigned char* lengths,
    long long width,
    long long docs,
    double* table,
    double weight,
) noexcept nogil
cdef double block_bound(
    unsigned char* data,
    Cursor* c,
    Py_ssize_t r,
    long long block,
    double* table,
    double weight,
) noexcept nogil
cdef long long least_frequency(
    unsigned char* data,
    Cursor* c,
    Py_ssize_t r,
    double* table,
    double weight,
    double rest,
    double threshold,
) noexcept nogil
cdef double window_bound(
    unsigned char* data,
    Cursor* c,
    Py_ssize_t r,
    long long low,
    long long high,
    double* table,
    double weight,
    double whole,
) noexcept nogil
