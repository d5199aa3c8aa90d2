# cython: language_level=3
"""What is in a whole posting list, and what is in lists that are joined?

The byte layout is drawn in ``codec/postings.py``. What is in single documents is read by cursors
(``cursors.py``).
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.inlined import BLOCK_ENTRY, LIST_IMPACTS, get32, unpack
else:
    from searchkit.kernels.inlined import BLOCK_ENTRY, LIST_IMPACTS, get32, unpack


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def read_list(
    postings: cython.p_uchar,
    size: cython.longlong,
    positions: cython.p_uchar,
    positions_size: cython.longlong,
    start: cython.longlong,
    end: cython.longlong,
    df: cython.longlong,
    positions_start: cython.longlong,
    positions_end: cython.longlong,
    has_positions: cython.bint,
    docmap: cython.const[cython.uint][::1],
    docs: cython.uint[::1],
    tfs: cython.uint[::1],
    slot: cython.Py_ssize_t,
    positions_out: cython.uint[::1],
    position_slot: cython.Py_ssize_t,
    position_limit: cython.Py_ssize_t,
    reached: cython.Py_ssize_t[::1],
) -> cython.bint:
    """Append the live postings of one list; False if it is damaged.

    ``postings`` has ``size`` bytes, of which the last 8 belong to no list, so that a number may be
    read with what follows it; ``positions`` likewise.
    ``docmap`` has the new docnum of each document, or 2**32 - 1 if it is deleted. ``reached``
    receives the slots after the last posting and the last position.
    """
    missing: cython.uint = 0xFFFFFFFF
    blocks: cython.longlong = (df + 127) // 128
    block: cython.longlong
    last: cython.longlong = 0
    entry: cython.longlong = 0
    payload: cython.longlong = 0
    at: cython.longlong
    tfs_at: cython.longlong
    positions_at: cython.longlong
    count: cython.longlong
    base: cython.longlong
    doc: cython.longlong
    before: cython.longlong = -1
    tf: cython.longlong
    seen: cython.longlong
    i: cython.longlong
    j: cython.longlong
    doc_bits: cython.int
    tf_bits: cython.int
    position_bits: cython.int
    if start < 0 or df < 1 or end > size - 8 or end - start < 7:
        return False
    if has_positions and (positions_start < 0 or positions_end > positions_size - 8):
        return False
    if df > 128:
        last = start + 1 + 3 * LIST_IMPACTS
        entry = last + 4 * blocks
        payload = entry + BLOCK_ENTRY * blocks
        if payload > end:
            return False
    for block in range(blocks):
        count = df - 128 * block
        if count > 128:
            count = 128
        if df <= 128:
            doc_bits = postings[start]
            tf_bits = postings[start + 1]
            position_bits = postings[start + 2]
            base = get32(postings, start + 3)
            at = start + 7
            positions_at = positions_start
        else:
            doc_bits = postings[entry + 8]
            tf_bits = postings[entry + 9]
            position_bits = postings[entry + 10]
            base = 0
            if block > 0:
                base = get32(postings, last - 4) + 1
            at = payload + get32(postings, entry)
            positions_at = positions_start + get32(postings, entry + 4)
            last += 4
            entry += BLOCK_ENTRY
        if doc_bits > 32 or tf_bits > 32 or position_bits > 32:
            return False
        if has_positions and position_bits == 0 and tf_bits > 0:
            return False
        tfs_at = at + (count * doc_bits + 7) // 8
        if tfs_at + (count * tf_bits + 7) // 8 > end:
            return False
        seen = 0
        for i in range(count):
            doc = base + unpack(postings, at, i, doc_bits)
            tf = 1 + unpack(postings, tfs_at, i, tf_bits)
            if doc >= len(docmap) or doc <= before:
                return False
            before = doc
            if docmap[doc] != missing:
                docs[slot] = docmap[doc]
                tfs[slot] = cython.cast(cython.uint, tf)
                slot += 1
                if has_positions:
                    if (
                        position_slot + tf > position_limit
                        or positions_at + ((seen + tf) * position_bits + 7) // 8 > positions_end
                    ):
                        return False
                    for j in range(tf):
                        positions_out[position_slot] = cython.cast(
                            cython.uint, unpack(positions, positions_at, seen + j, position_bits)
                        )
                        position_slot += 1
            seen += tf
    reached[0] = slot
    reached[1] = position_slot
    return True


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def gather(
    postings: cython.const[cython.uchar][::1],
    positions: cython.const[cython.uchar][::1],
    lists: cython.const[cython.longlong][::1],
    targets: cython.const[cython.uint][::1],
    has_positions: cython.bint,
    docmap: cython.const[cython.uint][::1],
    slots: cython.uint[::1],
    slot_limits: cython.const[cython.uint][::1],
    position_slots: cython.uint[::1],
    position_limits: cython.const[cython.uint][::1],
    docs: cython.uint[::1],
    tfs: cython.uint[::1],
    positions_out: cython.uint[::1],
    ends: cython.Py_ssize_t[::1],
) -> cython.bint:
    """Append the live postings of many lists, each where its target has room; False for damage.

    ``lists`` has five numbers for each: where it begins and ends, its number of postings, where its
    positions begin and end. ``targets`` says to which slot each belongs: ``slots`` is where the
    next posting of a target goes, ``position_slots`` the same of positions; both are moved on, up
    to the limits. ``docs`` and ``tfs`` are filled from postings, ``positions_out`` from positions.
    ``ends`` is room for two numbers.
    """
    p: cython.p_uchar
    q: cython.p_uchar
    size: cython.longlong = len(postings)
    positions_size: cython.longlong = len(positions)
    i: cython.Py_ssize_t
    target: cython.uint
    ok: cython.bint = True
    if size == 0 or positions_size == 0:
        return len(targets) == 0
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        q = cython.cast(cython.p_uchar, cython.address(positions[0]))
    else:
        p, q = postings, positions
    with cython.nogil:
        for i in range(len(targets)):
            target = targets[i]
            if slots[target] + lists[5 * i + 2] > slot_limits[target]:
                ok = False
                break
            if not read_list(
                p, size, q, positions_size, lists[5 * i], lists[5 * i + 1], lists[5 * i + 2],
                lists[5 * i + 3], lists[5 * i + 4], has_positions, docmap, docs, tfs,
                slots[target], positions_out, position_slots[target], position_limits[target], ends,
            ):  # fmt: skip
                ok = False
                break
            slots[target] = cython.cast(cython.uint, ends[0])
            position_slots[target] = cython.cast(cython.uint, ends[1])
    return ok


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def tally(
    targets: cython.const[cython.uint][::1],
    dfs: cython.const[cython.uint][::1],
    cfs: cython.const[cython.ulonglong][::1],
    all_dfs: cython.uint[::1],
    all_cfs: cython.ulonglong[::1],
) -> cython.void:
    """Add up what several rows say of their targets, which are places in ``all_dfs`` and
    ``all_cfs``.
    """
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(targets)):
            all_dfs[targets[i]] += dfs[i]
            all_cfs[targets[i]] += cfs[i]
