"""Who reads the files, and what if one of them hangs?

Files in, documents cut into passages out, in the order of the files. Reading happens in worker
processes, each bounded in time and memory: whatever a file does to its reader costs only that file.
"""
