# What other kernels call, for the compiler.

cdef Py_ssize_t after(const unsigned char[::1] data, Py_ssize_t at, Py_ssize_t end) noexcept nogil
cdef unsigned long long number(
    const unsigned char[::1] data, Py_ssize_t at, Py_ssize_t end
) noexcept nogil
cdef Py_ssize_t names_end(
    const unsigned char[::1] section, Py_ssize_t at, Py_ssize_t end
) noexcept nogil
cdef int compare_first(
    const unsigned char[::1] section,
    Py_ssize_t at,
    Py_ssize_t end,
    const unsigned char[::1] term,
    Py_ssize_t term_size,
) noexcept nogil
cdef Py_ssize_t next_numbers(
    const unsigned char[::1] section,
    Py_ssize_t at,
    Py_ssize_t end,
    unsigned long long* numbers,
) noexcept nogil
