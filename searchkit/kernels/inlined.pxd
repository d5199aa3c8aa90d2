# What is too small to call, for the compiler; for Python, and with what each does, in inlined.py.

from libc.string cimport memcpy

cdef extern from *:
    """
    #ifndef SEARCHKIT_INLINED
    #define SEARCHKIT_INLINED
    #define SEARCHKIT_SLACK (1.0 + 1.0 / 1099511627776.0)
    static inline long long searchkit_bits_in(unsigned long long word) {
        word -= word >> 1 & 0x5555555555555555u;
        word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
        word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
        return word * 0x0101010101010101u >> 56;
    }
    #ifdef _MSC_VER
    #include <intrin.h>
    static __inline long long searchkit_lowest_bit(unsigned long long word) {
        unsigned long at;
        _BitScanForward64(&at, word);
        return at;
    }
    #else
    static inline long long searchkit_lowest_bit(unsigned long long word) {
        return __builtin_ctzll(word);
    }
    #endif
    #endif
    """
    const double SLACK "SEARCHKIT_SLACK"
    long long lowest_bit "searchkit_lowest_bit"(unsigned long long word) noexcept nogil
    long long bits_in "searchkit_bits_in"(unsigned long long word) noexcept nogil

cdef enum:
    NO_DOC = 2147483647
    BLOCK_IMPACTS = 5
    BLOCK_ENTRY = 11 + 1 + 3 * BLOCK_IMPACTS
    LIST_IMPACTS = 16
    HITS = 4096 + 128


cdef inline unsigned long long load(const unsigned char* data, long long at) noexcept nogil:
    cdef unsigned long long value
    memcpy(&value, &data[at], 8)
    return value


cdef inline long long get32(const unsigned char* data, long long at) noexcept nogil:
    cdef unsigned int value
    memcpy(&value, &data[at], 4)
    return value


cdef inline long long unpack(
    const unsigned char* data, long long at, long long index, long long width
) noexcept nogil:
    cdef long long bit = index * width
    return <long long> (
        (load(data, at + (bit >> 3)) >> (bit & 7)) & ((<unsigned long long> 1 << width) - 1)
    )


cdef inline long long below(
    const unsigned char* data, long long at, long long index, long long width, long long limit
) noexcept nogil:
    return <long long> (unpack(data, at, index, width) < limit)


cdef inline long long length_of(
    const unsigned char* lengths, long long width, long long doc
) noexcept nogil:
    if width == 1:
        return lengths[doc]
    if width == 2:
        return lengths[2 * doc] | (<long long> lengths[2 * doc + 1] << 8)
    return get32(lengths, 4 * doc)


cdef inline double saturation(const double* table, long long tf, long long length) noexcept nogil:
    cdef double norm, normalised
    if tf <= 8 and length < 1024:
        return table[5 + ((tf - 1) << 10) + length]
    norm = 1 - table[1] + table[1] * length / table[2]
    if norm < 1e-9:
        norm = 1e-9
    normalised = table[3] * (tf / norm)
    return normalised if table[0] < 0 else normalised / (table[0] + normalised)


cdef inline bint is_deleted(
    const unsigned char* deleted, bint has_deleted, long long doc
) noexcept nogil:
    return has_deleted and (deleted[doc >> 3] >> (doc & 7)) & 1
