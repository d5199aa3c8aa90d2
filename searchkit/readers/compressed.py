"""What lies in a compressed file?

One file's bytes, which have the key of the compressed one and the format that its name tells
without the last suffix: ``notes.txt.gz`` is text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from searchkit.readers.contract import Source, UnreadableError

# Small, because what follows the end of a stream is copied at each of its many streams.
_FED_BYTES = 8192
_PIECE_BYTES = 1 << 20
_MOST_XZ_BYTES = 128 << 20


def unpacked(source: Source, suffix: str) -> bytes:
    """What ``source`` holds, compressed as ``suffix`` (".gz", ".bz2", ".xz" or ".zst") says.

    Of what is damaged or cut off, the beginning, with the reason in ``source.failures``. Raises
    ``UnreadableError`` when there is none, or it expands beyond the limit.
    """
    whole = BytesIO()
    reason = ""
    try:
        for piece in _pieces(source.data, _DECOMPRESSORS[suffix]):
            source.take(len(piece))
            whole.write(piece)
    except EOFError:
        reason = "its compressed data ends too early"
    except MemoryError:
        raise UnreadableError("needs too much memory to be unpacked") from None
    except UnreadableError:
        raise
    except Exception:  # Each library has errors of its own, and zlib's and lzma's share no base.
        reason = "its compressed data is damaged"
    if reason and not whole.tell():
        raise UnreadableError(reason)
    if reason:
        source.failures.append((source.key, f"{reason}; what comes before that is read"))
    return whole.getvalue()


def _pieces(data: bytes, make: Callable[[], Any]) -> Iterator[bytes]:
    """The contents of the streams that lie in ``data`` one after the other."""
    fed = b""
    at = 0
    is_first = True
    while is_first or at < len(data) or fed.strip(b"\0"):
        decompressor = make()
        try:
            while not decompressor.eof:
                if decompressor.needs_input:
                    if not fed:
                        fed = data[at : at + _FED_BYTES]
                        at += len(fed)
                        if not fed:
                            raise EOFError
                    piece = decompressor.decompress(fed, _PIECE_BYTES)
                    fed = b""
                else:
                    piece = decompressor.decompress(b"", _PIECE_BYTES)
                yield piece
        except UnreadableError:
            raise
        except Exception:
            # What follows the first stream and is none is padding, or nobody's.
            if is_first:
                raise
            return
        fed = decompressor.unused_data
        is_first = False


class _Gzip:
    """zlib's decompressor with the methods that those of bz2, lzma and zstd have."""

    def __init__(self) -> None:
        import zlib

        # 16 more than the largest window: with gzip's header and checksum.
        self._inner = zlib.decompressobj(zlib.MAX_WBITS + 16)

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, most)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


def _bzip2() -> Any:
    import bz2

    return bz2.BZ2Decompressor()


def _xz() -> Any:
    import lzma

    return lzma.LZMADecompressor(memlimit=_MOST_XZ_BYTES)


def _zstd() -> Any:
    import sys

    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.ZstdDecompressor()


_DECOMPRESSORS: dict[str, Callable[[], Any]] = {
    ".gz": _Gzip,
    ".bz2": _bzip2,
    ".xz": _xz,
    ".zst": _zstd,
}
