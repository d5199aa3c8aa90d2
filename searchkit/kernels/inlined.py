"""What is too small to call?

Cython inlines only what stands in a ``.pxd`` file or in the same module: what several kernels use
in their innermost loops stands in ``inlined.pxd`` for the compiler, and here, once more, for
Python. That compiled kernels give what their sources give is tested kernel by kernel.
"""

import cython

if not cython.compiled:
    SLACK = 1.0 + 2.0**-40
    """What a bound is raised by, so that no rounding makes it too low."""

    NO_DOC = 2147483647
    """Higher than any docnum."""

    BLOCK_IMPACTS = 5
    LIST_IMPACTS = 16
    """How many pairs of frequency and length bound a block's scores, and a list's."""

    BLOCK_ENTRY = 11 + 1 + 3 * BLOCK_IMPACTS
    """The bytes of a block's entry: its numbers, and from the 11th on its impacts."""

    HITS = 4096 + 128
    """Room for the postings of a term in a window of 4096 documents: those of a damaged block are
    counted after it."""

    def load(data, at):
        """The 8 bytes at ``at`` as a number."""
        return int.from_bytes(data[at : at + 8], "little")

    def get32(data, at):
        """The 4 bytes at ``at`` as a number."""
        return int.from_bytes(data[at : at + 4], "little")

    def unpack(data, at, index, width):
        """The ``index``-th of the numbers of ``width`` bits (at most 32) that begin at ``at``."""
        bit = index * width
        return (load(data, at + (bit >> 3)) >> (bit & 7)) & ((1 << width) - 1)

    def below(data, at, index, width, limit):
        """1 if such a number is below ``limit``, else 0: no branch."""
        return int(unpack(data, at, index, width) < limit)

    def length_of(lengths, width, doc):
        """The length of document ``doc``, of which each takes 1, 2 or 4 bytes."""
        return int.from_bytes(lengths[width * doc : width * doc + width], "little")

    def saturation(table, tf, length):
        """What a frequency in a document of some length is worth.

        ``table`` is filled by ``fill_table``.
        """
        if tf <= 8 and length < 1024:
            return table[5 + ((tf - 1) << 10) + length]
        norm = max(1 - table[1] + table[1] * length / table[2], 1e-9)
        normalised = table[3] * (tf / norm)
        return normalised if table[0] < 0 else normalised / (table[0] + normalised)

    def lowest_bit(word):
        """The number of zeros below the lowest one of ``word``, which is not 0."""
        return (word & -word).bit_length() - 1

    def bits_in(word):
        """How many bits of ``word`` are set."""
        return word.bit_count()

    def is_deleted(deleted, has_deleted, doc):
        """Whether a bitmap, which may be missing, has the bit of document ``doc``."""
        return has_deleted and (deleted[doc >> 3] >> (doc & 7)) & 1
