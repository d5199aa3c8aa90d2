# What other kernels call, for the compiler.

from searchkit.kernels.inlined cimport unpack

cdef struct Cursor:
    long long start
    long long end
    long long df
    long long positions_start
    long long positions_end
    long long blocks
    long long lasts
    long long entries
    long long payload
    long long block
    long long count
    long long index
    long long base
    long long doc_bits
    long long tf_bits
    long long docs_at
    long long tfs_at
    long long doc
    long long last
    long long position_bits
    long long positions_at
    long long summed
    long long sum
    long long claimed
    long long ahead
    long long bounded
    double bound


cdef inline long long tf_at(
    const unsigned char* data, Cursor* c, Py_ssize_t r, long long index
) noexcept nogil:
    return 1 + unpack(data, c[r].tfs_at, index, c[r].tf_bits)


cdef bint enter(unsigned char* data, Cursor* c, Py_ssize_t r, long long block) noexcept nogil
cdef bint open_cursor(unsigned char* data, long long size, Cursor* c, Py_ssize_t r) noexcept nogil
cdef long long index_of(
    unsigned char* data,
    Cursor* c,
    Py_ssize_t r,
    long long target,
) noexcept nogil
cdef long long seek(unsigned char* data, Cursor* c, Py_ssize_t r, long long target) noexcept nogil
cdef long long frequency_in(
    unsigned char* data,
    long long size,
    Cursor* c,
    Py_ssize_t r,
    Py_ssize_t spare,
    long long doc,
) noexcept nogil
