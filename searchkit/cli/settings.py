"""With which settings is a project indexed?"""

from __future__ import annotations

import re
from typing import Any

from searchkit.collection import Project


def settings_of(
    project: Project,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    text_field: str | None = None,
    title_field: str | None = None,
    key_field: str | None = None,
) -> dict[str, Any]:
    """What ``Collection.sync`` is to be called with: as configured, unless the command line says
    otherwise; what it excludes is excluded besides.
    """
    config = project.config
    if config is None:
        return {
            "include": include,
            "exclude": exclude,
            "text_field": text_field or "",
            "title_field": title_field or "",
            "key_field": key_field or "",
        }
    return {
        "fields": config.fields,
        "dictionary": config.dictionary,
        "include": include or config.include,
        "exclude": (*config.exclude, *exclude, *_own_files(project)),
        "text_field": text_field or config.text_field,
        "title_field": title_field or config.title_field,
        "key_field": key_field or config.key_field,
    }


def _own_files(project: Project) -> tuple[str, ...]:
    """Patterns of what belongs to the configuration: a list of synonyms is no document."""
    config = project.config
    if config is None or config.synonyms is None:
        return ()
    path = config.synonyms.relative_to(config.folder).as_posix()
    return ("/" + re.sub(r"([\\\[\]*?!# ])", r"\\\1", path),)
