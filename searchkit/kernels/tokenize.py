# cython: boundscheck=False, wraparound=False
"""Which words does a text have, and which of them have been seen before?

Walks strings, finds the words that ``searchkit.analysis.words.WORD`` finds, and gives each its
number by an open-addressing hash table of the distinct words ("surfaces"). What is stored for a
new surface is a provisional number; the caller analyses it and puts the term's number in its
place with :func:`settle`. The caller owns all buffers; where one is full the kernel stops
between two words and is called again after the caller has made room.

    table    u64[2 x slots], slots a power of two, linear probing, at most half full
             slot: [key, offset << 32 | number]; a key of 0 is an empty slot
             short surface (1 to 8 Latin-1 characters): the key is the characters themselves, the
                 first in the lowest byte; offset 0. Equal keys are equal words: nothing to compare
             long surface (all others): the key is a hash of the characters; offset is that of its
                 record in the pool, which is compared, so that equal hashes do no harm
    pool     u8[]; byte 0 is not used
             record: length u8, width u8 (1: Latin-1, 3: any), characters, width bytes each
    number   u32: the term's number; while provisional, 2**31 + the surface's place in ``state``
    state    i64[8 + 3 x capacity], kept between two calls: the places named below, then
             slot, start, stop of each surface that is new since the last settling
    classes  u8[0x20000]: bits LETTER, JOINER, APOSTROPHE, UNSPACED, HAN of each code point

The keys are scrambled with a seed before they choose a slot, so that nobody can write a text
whose words all fall into one (http://burtleburtle.net/bob/hash/doobs.html on such finalizers).
A word counts by its first 255 code points.
"""

import cython

if cython.compiled:
    from cython.cimports.cpython.unicode import PyUnicode_DATA, PyUnicode_KIND

COMPILED: bool = cython.compiled

LETTER, JOINER, APOSTROPHE, UNSPACED, HAN = 1, 2, 4, 8, 16
CLASSES_LENGTH = 0x20000
LONGEST_SURFACE = 255
LARGEST_RECORD = 2 + 3 * LONGEST_SURFACE
SLOT_WIDTH = 2
FRESH_WIDTH = 3

# Places in ``state``: where to go on, words in ``out``, surfaces in the table, bytes used in the
# pool, surfaces that are new, the seed, whether the Han character there was given by itself.
TEXT, POSITION, FILLED, SURFACES, POOL_USED, FRESH, SEED, GIVEN = range(8)
STATE_WIDTH = 8

Char = cython.fused_type(cython.uchar, cython.ushort, cython.uint)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def wrap(value: cython.ulonglong) -> cython.ulonglong:
    if cython.compiled:
        return value
    return value & 0xFFFFFFFFFFFFFFFF


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def low(value: cython.ulonglong) -> cython.uint:
    if cython.compiled:
        return cython.cast(cython.uint, value)
    return value & 0xFFFFFFFF


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def scramble(key: cython.ulonglong, seed: cython.ulonglong) -> cython.ulonglong:
    """One to one, and every bit of the key reaches the upper bits of the result."""
    factor: cython.ulonglong = 0x4F1BBCDD
    value: cython.ulonglong
    factor = (factor << 32) | 0x7F4A7C15
    value = wrap((key ^ seed) * factor)
    value ^= value >> 32
    return wrap(value * factor)


@cython.cfunc
@cython.inline
@cython.exceptval(check=False)
def class_of(classes: cython.p_const_uchar, char: cython.uint) -> cython.int:
    if char < 0x20000:
        return classes[char]
    if cython.cast(cython.Py_UCS4, char).isalnum() if cython.compiled else chr(char).isalnum():
        # Two planes of Han characters.
        return 25 if char < 0x40000 else 1
    # The variation selectors: the only marks so far up.
    return 2 if 0xE0100 <= char <= 0xE01EF else 0


@cython.ccall
def mark_letters(classes: cython.uchar[::1]) -> cython.void:
    """Sets LETTER for each code point that ``str.isalnum`` calls a letter or digit."""
    at: cython.Py_ssize_t
    for at in range(len(classes)):
        if cython.cast(cython.Py_UCS4, at).isalnum() if cython.compiled else chr(at).isalnum():
            classes[at] |= 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def hash_long(
    data: cython.pointer(cython.const[Char]), start: cython.Py_ssize_t, stop: cython.Py_ssize_t,
    seed: cython.ulonglong,
) -> cython.ulonglong:  # fmt: skip
    """Never 0; the same whichever width the text around the word has."""
    value: cython.ulonglong = stop - start
    chunk: cython.ulonglong = 0
    shift: cython.int = 0
    at: cython.Py_ssize_t
    for at in range(start, stop):
        # Wide characters overlap in a chunk, which costs a hash nothing.
        chunk ^= cython.cast(cython.ulonglong, data[at]) << shift
        shift += 8
        if shift == 64:
            value = scramble(wrap(value ^ chunk), seed)
            value ^= value >> 29
            chunk = 0
            shift = 0
    value = scramble(wrap(value ^ chunk), seed)
    value ^= value >> 29
    return value if value != 0 else 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def same(
    data: cython.pointer(cython.const[Char]), start: cython.Py_ssize_t, length: cython.Py_ssize_t,
    wide: cython.bint, pool: cython.uchar[::1], record: cython.Py_ssize_t,
) -> cython.bint:  # fmt: skip
    """Does the record hold this word?"""
    at: cython.Py_ssize_t
    char: cython.uint
    if pool[record] != length or pool[record + 1] != (3 if wide else 1):
        return False
    record += 2
    for at in range(start, start + length):
        char = pool[record]
        record += 1
        if wide:
            char |= cython.cast(cython.uint, pool[record]) << 8
            char |= cython.cast(cython.uint, pool[record + 1]) << 16
            record += 2
        if char != data[at]:
            return False
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def remember(
    data: cython.pointer(cython.const[Char]), start: cython.Py_ssize_t, length: cython.Py_ssize_t,
    wide: cython.bint, pool: cython.uchar[::1], record: cython.Py_ssize_t,
) -> cython.Py_ssize_t:  # fmt: skip
    """Writes the record; where the next one begins."""
    at: cython.Py_ssize_t
    char: cython.uint
    pool[record] = length
    pool[record + 1] = 3 if wide else 1
    record += 2
    for at in range(start, start + length):
        char = data[at]
        pool[record] = char & 255
        record += 1
        if wide:
            pool[record] = (char >> 8) & 255
            pool[record + 1] = char >> 16
            record += 2
    return record


@cython.cfunc
@cython.exceptval(check=False)
def walk(
    data: cython.pointer(cython.const[Char]), length: cython.Py_ssize_t,
    classes: cython.p_const_uchar, table: cython.ulonglong[::1], pool: cython.uchar[::1],
    out: cython.uint[::1], spans: cython.uint[::1], state: cython.longlong[::1],
) -> cython.bint:  # fmt: skip
    """Takes one text from ``state[POSITION]`` on; whether it came to its end."""
    at: cython.Py_ssize_t = state[1]
    filled: cython.Py_ssize_t = state[2]
    pool_used: cython.Py_ssize_t = state[4]
    new: cython.Py_ssize_t = state[5]
    seed: cython.ulonglong = state[6]
    mask: cython.Py_ssize_t = len(table) - 1
    room: cython.Py_ssize_t = len(table) // 4 - state[3] + new
    pool_room: cython.Py_ssize_t = len(pool) - (2 + 3 * 255)
    provisional: cython.uint = 1
    start: cython.Py_ssize_t
    second: cython.Py_ssize_t  # Where the second character of a pair begins.
    given: cython.int = state[7]
    size: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    key: cython.ulonglong
    value: cython.ulonglong
    every: cython.uint  # The characters of a word, or'ed.
    char: cython.uint
    kind: cython.int
    unspaced: cython.int
    shift: cython.int
    wide: cython.bint
    done: cython.bint = True
    provisional <<= 31
    room = min(room, (len(state) - 8) // 3)
    while True:
        while at < length and not (class_of(classes, data[at]) & 1):
            at += 1
        if at >= length:
            break
        start = at
        if filled >= len(out):
            done = False
            break
        key = every = data[at]
        unspaced = class_of(classes, data[at]) & 24
        if given:
            unspaced = 8
        second = 0
        shift = 8
        at += 1
        while at < length:
            char = data[at]
            kind = class_of(classes, char)
            if unspaced:
                if not (kind & 2):
                    if second or unspaced & 16 or not (kind & 8):
                        break
                    second = at
            elif kind & 8 or (
                not (kind & 3)
                and not (
                    kind & 4 and at + 1 < length and (class_of(classes, data[at + 1]) & 9) == 1
                )
            ):
                break
            key |= cython.cast(cython.ulonglong, char) << (shift & 63)
            every |= char
            shift += 8
            at += 1
        size = at - start
        wide = every > 255
        if size <= 8 and not wide:
            slot = (scramble(key, seed) >> 20) * 2 & mask
            while table[slot] != 0 and (table[slot] != key or table[slot + 1] >> 32 != 0):
                slot = (slot + 2) & mask
        else:
            if size > 255:
                size = 255
                every = 0
                for slot in range(start, start + size):
                    every |= data[slot]
                wide = every > 255
            key = hash_long(data, start, start + size, seed)
            slot = (scramble(key, seed) >> 20) * 2 & mask
            while table[slot] != 0 and (
                table[slot] != key
                or table[slot + 1] >> 32 == 0
                or not same(data, start, size, wide, pool, table[slot + 1] >> 32)
            ):
                slot = (slot + 2) & mask
        if table[slot] == 0:
            if new >= room or pool_used > pool_room:
                at = start
                done = False
                break
            value = provisional + new
            if size > 8 or wide:
                value |= cython.cast(cython.ulonglong, pool_used) << 32
                pool_used = remember(data, start, size, wide, pool, pool_used)
            table[slot] = key
            table[slot + 1] = value
            state[8 + 3 * new] = slot
            state[9 + 3 * new] = start
            state[10 + 3 * new] = start + size
            new += 1
        out[filled] = low(table[slot + 1])
        if spans is not None:
            spans[2 * filled] = start
            spans[2 * filled + 1] = at
        filled += 1
        given = 0
        if second:
            at = second
        elif unspaced & 16 and at < length and class_of(classes, data[at]) & 8:
            at = start
            given = 1
    state[1] = at
    state[2] = filled
    state[3] += new - state[5]
    state[4] = pool_used
    state[5] = new
    state[7] = given
    return done


@cython.ccall
def tokenize(
    texts: list, classes: bytes, table: cython.ulonglong[::1], pool: cython.uchar[::1],
    out: cython.uint[::1], surfaces: list, state: cython.longlong[::1],
    counts: cython.uint[::1] = None, spans: cython.uint[::1] = None,
) -> cython.Py_ssize_t:  # fmt: skip
    """Goes on with ``texts`` from ``state[TEXT]`` and ``state[POSITION]``, 0 for a new list.

    Puts the number of each word into ``out``; with ``spans`` (twice as long as ``out``, or
    None) where it starts and stops; adds to ``counts[text]`` (as long as ``texts``, or None)
    how many words there were; appends the surfaces that are new to ``surfaces``; if there
    are any, they must be settled before the next call.

    Gives how many words are in ``out``, and is ready for a new list; or, if something was full,
    -1 less that many. Then take what is in ``out``, make room in the table (if
    ``state[SURFACES]`` is at a quarter of its length) and in the pool (LARGEST_RECORD), and
    call again with the same lists.
    """
    text: str
    number: cython.Py_ssize_t
    filled: cython.Py_ssize_t
    new: cython.Py_ssize_t
    at: cython.Py_ssize_t
    done: cython.bint
    kind: cython.int
    data: cython.p_void
    letters: cython.p_const_uchar = classes
    if len(classes) != 0x20000 or len(table) < 8 or len(table) & (len(table) - 1):
        raise ValueError("the classes or the table have a wrong length")
    if len(state) < 11 or len(out) < 1 or state[0] < 0 or state[1] < 0:
        raise ValueError("no room for a word, or a position before the text")
    if spans is not None and len(spans) < 2 * len(out):
        raise ValueError("the spans are too short")
    if counts is not None and len(counts) < len(texts):
        raise ValueError("the counts are too short")
    number = state[0]
    state[2] = 0
    while number < len(texts):
        if not isinstance(texts[number], str):
            raise TypeError("a text is a str")
        # Cast, because Cython's own check would let None pass, and no subclass of str.
        text = cython.cast(str, texts[number])
        filled = state[2]
        new = state[5]
        if cython.compiled:
            kind = PyUnicode_KIND(text)
            data = PyUnicode_DATA(text)
            if kind == 1:
                done = walk(
                    cython.cast(cython.pointer(cython.const[cython.uchar]), data), len(text),
                    letters, table, pool, out, spans, state,
                )  # fmt: skip
            elif kind == 2:
                done = walk(
                    cython.cast(cython.pointer(cython.const[cython.ushort]), data), len(text),
                    letters, table, pool, out, spans, state,
                )  # fmt: skip
            else:
                done = walk(
                    cython.cast(cython.pointer(cython.const[cython.uint]), data), len(text),
                    letters, table, pool, out, spans, state,
                )  # fmt: skip
        else:
            points = list(map(ord, text))
            done = walk(points, len(text), classes, table, pool, out, spans, state)
        if counts is not None:
            counts[number] += state[2] - filled
        for at in range(new, state[5]):
            surfaces.append(text[state[9 + 3 * at] : state[10 + 3 * at]])  # noqa: PERF401
        if not done:
            state[0] = number
            return -1 - state[2]
        state[1] = 0
        number += 1
    state[0] = 0
    return state[2]


@cython.ccall
def settle(
    table: cython.ulonglong[::1], numbers: cython.const[cython.uint][::1], out: cython.uint[::1],
    state: cython.longlong[::1],
) -> cython.void:  # fmt: skip
    """Puts ``numbers``, those of the new surfaces, where they were provisional."""
    at: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    new: cython.Py_ssize_t = state[5]
    filled: cython.Py_ssize_t = state[2]
    number: cython.uint
    if len(numbers) != new or 8 + 3 * new > len(state) or filled > len(out):
        raise ValueError("a number for each new surface, please")
    for at in range(new):
        slot = state[8 + 3 * at]
        table[slot + 1] = ((table[slot + 1] >> 32) << 32) | numbers[at]
    for at in range(filled):
        number = out[at]
        if number >> 31:
            out[at] = numbers[number & 0x7FFFFFFF]
    state[5] = 0


@cython.ccall
def rehash(
    table: cython.ulonglong[::1], larger: cython.ulonglong[::1], state: cython.longlong[::1]
) -> cython.void:
    """Copies the surfaces of ``table`` into ``larger``, a zeroed table."""
    at: cython.Py_ssize_t
    slot: cython.Py_ssize_t
    mask: cython.Py_ssize_t = len(larger) - 1
    seed: cython.ulonglong = state[6]
    if len(larger) & mask or len(larger) < len(table):
        raise ValueError("a table has a power of two of slots")
    for at in range(0, len(table), 2):
        if table[at] != 0:
            slot = (scramble(table[at], seed) >> 20) * 2 & mask
            while larger[slot] != 0:
                slot = (slot + 2) & mask
            larger[slot] = table[at]
            larger[slot + 1] = table[at + 1]
