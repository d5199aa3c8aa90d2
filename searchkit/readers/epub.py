"""What does an e-book say?

An EPUB is a zip of XHTML: the package document lists the files in reading order. EbookLib's licence
rules it out, and what it adds is little.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from searchkit.document import Document
from searchkit.readers.compose import Composer
from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.epub_chapter import chapter_pieces
from searchkit.readers.packages import (
    Element,
    Package,
    attribute,
    child,
    inner_name,
    local_name,
    texts,
)
from searchkit.readers.properties import Properties, properties
from searchkit.readers.titles import one_line

MEDIA_TYPE = "application/epub+zip"

_PAGES = frozenset(
    ["application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml"]
)
_PAGE_SUFFIXES = (".xhtml", ".html", ".htm", ".xml")
_MAX_LABEL_CHARS = 200


def read_epub(source: Source) -> Iterator[Document]:
    """Read an .epub; raises ``UnreadableError`` when it is none, is protected, or has no text."""
    package = Package(source)
    name, root = _package_document(package)
    locked = _locked(package)
    manifest = _manifest(root, posixpath.dirname(name))
    labels = _labels(package, root, manifest)
    composer = Composer()
    number = 0
    was_locked = False
    for part in _spine(root, manifest):
        if part in locked:
            was_locked = True
            continue
        page = package.read(part)
        if not page:
            continue
        entries = labels.get(part, {})
        pieces, begins = chapter_pieces(page, entries)
        if not pieces:
            continue
        number += 1
        composer.place(_place(number, entries.get("", "")))
        for at, piece in enumerate(pieces):
            if at in begins:
                composer.place(_place(number, entries[begins[at]]))
            composer.add(piece)
    if was_locked and not composer.blocks:
        raise UnreadableError("is protected (DRM)")
    yield composer.document(source, MEDIA_TYPE, _properties(root))


def _place(number: int, label: str) -> str:
    place = f"chapter {number}"
    # A label may say so itself, of this chapter and not of one that the book counts otherwise.
    if label.casefold().startswith(place) and not label[len(place) :][:1].isalnum():
        return label
    return f"{place}: {label}" if label else place


def _package_document(package: Package) -> tuple[str, Element]:
    """The name and the root of the package document: container.xml names it, or should."""
    container = package.xml("META-INF/container.xml")
    named = [
        attribute(file, "full-path")
        for file in (container.iter("{*}rootfile") if container is not None else ())
    ]
    for name in (*named, *(name for name in package.names() if name.endswith(".opf"))):
        root = package.xml(name)
        if root is not None:
            return name, root
    raise UnreadableError("holds no package document (.opf), which an e-book needs")


def _manifest(root: Element, folder: str) -> dict[str, Element]:
    """The items by id; each has the name of its part in the attribute ``href``."""
    items: dict[str, Element] = {}
    listed = child(root, "manifest")
    for item in listed if listed is not None else ():
        if local_name(item) == "item":
            item.set("href", inner_name(folder, attribute(item, "href")))
            items[attribute(item, "id")] = item
    return items


def _spine(root: Element, manifest: dict[str, Element]) -> list[str]:
    """The names of the pages in reading order, each once; all pages where there is no order."""
    spine = child(root, "spine")
    items = [
        manifest[attribute(reference, "idref")]
        for reference in (spine if spine is not None else ())
        if attribute(reference, "idref") in manifest
    ]
    names = [
        attribute(item, "href")
        for item in items or manifest.values()
        if "nav" not in attribute(item, "properties").split()
        and (
            attribute(item, "media-type").lower() in _PAGES
            or attribute(item, "href").lower().endswith(_PAGE_SUFFIXES)
        )
    ]
    return list(dict.fromkeys(names))


def _labels(
    package: Package, root: Element, manifest: dict[str, Element]
) -> dict[str, dict[str, str]]:
    """What the table of contents calls each page, by the name of its part, and what the parts of a
    page, by their anchors; "" is the page's beginning.
    """
    spine = child(root, "spine")
    old = attribute(spine, "toc") if spine is not None else ""
    contents = [
        attribute(item, "href")
        for item_id, item in manifest.items()
        if "nav" in attribute(item, "properties").split()
        or item_id == old
        or attribute(item, "media-type") == "application/x-dtbncx+xml"
    ]
    labels: dict[str, dict[str, str]] = {}
    for name in contents:
        tree = package.xml(name)
        folder = posixpath.dirname(name)
        for entry in _entries(tree) if tree is not None else ():
            if local_name(entry) == "a":
                target, label = attribute(entry, "href"), "".join(entry.itertext())
            else:
                content = child(entry, "content")
                target = attribute(content, "src") if content is not None else ""
                found = child(entry, "navLabel", "text")
                label = (found.text or "") if found is not None else ""
            if target and (label := one_line(label)[:_MAX_LABEL_CHARS]):
                page = labels.setdefault(inner_name(folder, target), {})
                page.setdefault(unquote(target.partition("#")[2]), label)
    return labels


def _entries(tree: Element) -> Iterator[Element]:
    """The entries of a table of contents; its file may list landmarks and printed pages too."""
    for inner in tree:
        name = local_name(inner)
        if name == "nav" and attribute(inner, "type") not in ("toc", ""):
            continue
        if name in ("a", "navPoint"):
            yield inner
        yield from _entries(inner)


def _locked(package: Package) -> set[str]:
    """The parts that are encrypted; obfuscated fonts are among them, and do not matter."""
    root = package.xml("META-INF/encryption.xml")
    references = root.iter("{*}CipherReference") if root is not None else ()
    return {inner_name("", attribute(reference, "URI")) for reference in references}


def _properties(root: Element) -> Properties:
    metadata = child(root, "metadata")

    def said(name: str) -> str:
        return next(iter(texts(metadata, name)), "")

    return properties(
        title=said("title"),
        authors=texts(metadata, "creator"),
        published=said("date"),
        language=said("language"),
        tags=texts(metadata, "subject"),
        fields={"publisher": said("publisher"), "description": said("description")},
    )
