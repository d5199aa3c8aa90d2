"""Who reads the files, and what if one of them hangs?

Files in, documents cut into passages out, in the order of the files. Reading happens in worker
processes, each bounded in time and memory: whatever a file does to its reader costs only that file.
"""

from searchkit.reading.files import Task, is_light
from searchkit.reading.limits import Limits
from searchkit.reading.pool import read_files

__all__ = ["Limits", "Task", "is_light", "read_files"]
