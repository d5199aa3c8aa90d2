"""How are the kernels compiled?

Each file of ``searchkit/kernels/`` is a Python module that Cython compiles as it is. Where that
fails, for want of a C compiler say, the installation goes on and the source runs: slower, with
the same results. ``SEARCHKIT_REQUIRE_KERNELS=1`` makes such a failure an error (CI sets it,
because a real mistake in a kernel would hide otherwise). Everything else is in pyproject.toml.
"""

import compileall
import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# No fused multiply-add, no fast-math, no -march=native: doubles are the same on all machines.
# Without -g0 Python's own flags make each kernel five times as large.
UNIX_FLAGS = ["-O3", "-ffp-contract=off", "-g0"]
MSVC_FLAGS = ["/O2", "/fp:precise"]


class BuildKernels(build_ext):
    def build_extensions(self) -> None:
        # As late as this, so that the C sources are in nobody's way: they lie in the directory
        # for temporary files and get into neither the source tree nor an sdist or a wheel.
        flags = MSVC_FLAGS if self.compiler.compiler_type == "msvc" else UNIX_FLAGS
        generated = cythonize(
            self.extensions, build_dir=self.build_temp, language_level=3, quiet=True
        )
        sources = {extension.name: extension.sources for extension in generated}
        for extension in self.extensions:
            # cythonize() gives new extensions, without ``optional``: only their sources are used.
            extension.sources = sources[extension.name]
            extension.extra_compile_args = flags
        # Compilers at once: compiling the kernels is nearly all that an installation takes.
        self.parallel = self.parallel or os.cpu_count()
        super().build_extensions()
        if self.editable_mode:
            # pip compiles what it copies, but not what it leaves in its place (`-e`): where Python
            # may not write there (PYTHONDONTWRITEBYTECODE), each start would compile it all.
            compileall.compile_dir("searchkit", quiet=1)


setup(
    ext_modules=[
        Extension(
            f"searchkit.kernels.{path.stem}",
            [path.as_posix()],
            optional=os.environ.get("SEARCHKIT_REQUIRE_KERNELS") != "1",
        )
        for path in sorted(Path("searchkit/kernels").glob("*.py"))
        if path.stem != "__init__"
    ],
    cmdclass={"build_ext": BuildKernels},
)
