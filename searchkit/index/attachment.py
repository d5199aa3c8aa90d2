"""What does the owner of an index keep with it?

Bytes that mean nothing here, in a file of their own that is new whenever they change:

    envelope of kind "ATTA", meta {}
    section "attachment": the bytes

They belong to the generation whose manifest names the file, as its segments do.
"""

from __future__ import annotations

from pathlib import Path

from searchkit.errors import IndexCorruptError
from searchkit.index.manifest import ATTACHMENT, AttachmentInfo, file_id, file_name
from searchkit.storage.directory import Directory
from searchkit.storage.envelope import SectionReader, SectionWriter, new_id

KIND = b"ATTA"
VERSION = 1

_SECTION = "attachment"


def write_attachment(directory: Directory, data: bytes) -> AttachmentInfo:
    """Put ``data`` into a new file, which a commit will sync. Raises ``OSError``."""
    id = new_id()
    name = file_name(id, ATTACHMENT)
    with directory.create(name) as output:
        writer = SectionWriter(output, KIND, VERSION, id)
        writer.begin(_SECTION)
        writer.write(data)
        writer.end()
        writer.finish({})
        return AttachmentInfo(name=name, length=output.tell())


def open_attachment(file: memoryview, info: AttachmentInfo, path: Path) -> SectionReader:
    """The file's sections. ``path`` is the index's, for errors.

    Raises ``IndexCorruptError``, ``IndexTooOldError``, ``IndexTooNewError``.
    """
    return SectionReader(
        file,
        KIND,
        versions=(VERSION, VERSION),
        path=path,
        name=info.name,
        id=file_id(info.name),
    )


def read_attachment(file: memoryview, info: AttachmentInfo, path: Path) -> bytes:
    """What :func:`write_attachment` put there, verified. Raises as :func:`open_attachment`."""
    sections = open_attachment(file, info, path)
    if sections.names() != (_SECTION,):
        raise IndexCorruptError(path, f"{info.name} has other sections than an attachment")
    return bytes(sections.verified(_SECTION))
