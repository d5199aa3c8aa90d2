# What other kernels call, for the compiler.

cdef Py_ssize_t keep(
    double* scores,
    long long* docs,
    Py_ssize_t held,
    Py_ssize_t limit,
    double score,
    long long doc,
) noexcept nogil
