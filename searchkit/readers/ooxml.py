"""What do Word's and PowerPoint's files have in common?

Office Open XML (ECMA-376): a zip of parts that refer to each other by relationships. Elements go by
their local names, since the strict and the transitional form have different namespaces.
"""

from __future__ import annotations

from collections.abc import Iterator

from searchkit.readers.contract import Source, UnreadableError
from searchkit.readers.packages import Element, Package, attribute, child, local_name, texts
from searchkit.readers.properties import Properties, properties


def open_main(source: Source, usual: str) -> tuple[Package, str, Element]:
    """The package, the name of its main part, and that part's root element.

    Raises ``UnreadableError`` where there is none; ``usual`` is what it is called most often.
    """
    package = Package(source)
    named = [name for kind, name in package.related("").values() if kind == "officeDocument"]
    for name in (*named, usual):
        root = package.xml(name)
        if root is not None:
            return package, name, root
    raise UnreadableError(f"holds no {usual}, which such a file consists of")


def core_properties(package: Package, language: str = "") -> Properties:
    """What docProps/core.xml says; ``language`` stands in where it says none."""
    named = [name for kind, name in package.related("").values() if kind == "core-properties"]
    root = package.xml(named[0] if named else "docProps/core.xml")

    def said(name: str) -> str:
        return next(iter(texts(root, name)), "")

    return properties(
        title=said("title"),
        authors=texts(root, "creator") or texts(root, "lastModifiedBy"),
        published=said("created") or said("modified"),
        language=said("language") or language,
        tags=texts(root, "keywords"),
        fields={
            "subject": said("subject"),
            "description": said("description"),
            "category": said("category"),
        },
    )


def chosen(alternatives: Element) -> Element | None:
    """What counts of an ``AlternateContent``: both branches say the same in different drawings."""
    branches = [branch for branch in alternatives if local_name(branch) in ("Choice", "Fallback")]
    for branch in branches:
        if any(run.text for run in branch.iter("{*}t")):
            return branch
    return branches[0] if branches else None


def value(element: Element | None, *path: str) -> str:
    """The attribute ``val`` of the element below by a path of local names, or ""."""
    found = child(element, *path)
    return "" if found is None else attribute(found, "val")


def drawing_texts(package: Package, part: str, drawing: Element) -> Iterator[str]:
    """What a diagram or a chart says that a drawing in ``part`` refers to."""
    related = package.related(part)
    for frame in drawing.iter("{*}relIds", "{*}chart"):
        # A diagram's data is r:dm, a chart is r:id.
        kind, name = related.get(attribute(frame, "dm") or attribute(frame, "id"), ("", ""))
        root = package.xml(name) if kind in ("diagramData", "chart") else None
        if root is None:
            continue
        for paragraph in root.iter("{*}p"):
            yield "".join(run.text or "" for run in paragraph.iter("{*}t"))
        seen = dict.fromkeys(name.text or "" for cache in root.iter("{*}strCache")
                             for name in cache.iter("{*}v"))  # fmt: skip
        yield ", ".join(seen)
