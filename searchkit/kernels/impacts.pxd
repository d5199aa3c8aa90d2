# What other kernels call, for the compiler.

cdef enum:
    NO_LENGTH = 65536


cdef Py_ssize_t impacts_of(
    unsigned int* shortest,
    unsigned int most,
    Py_ssize_t room,
    unsigned int* tfs,
    unsigned int* lengths,
) noexcept nogil
cdef void put_impacts(
    unsigned int* tfs,
    unsigned int* lengths,
    Py_ssize_t count,
    Py_ssize_t room,
    unsigned char[::1] out,
    Py_ssize_t at,
) noexcept nogil
