"""The kernel that jobs run in: this very Python, whatever kernels the machine lists."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Dict, Unicode
from traitlets.config import Config


class JobKernelManager(AsyncKernelManager):
    """Starts ipykernel with this interpreter, in an environment that is told."""

    environment = Dict(help="What the kernel finds in its environment.").tag(config=True)
    folder = Unicode(help="A private folder for connection file and sockets.").tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.connection_file = str(Path(self.folder) / "kernel.json")
        if os.name == "posix":
            # Sockets in a private folder: other users of the machine cannot reach them.
            self.transport = "ipc"
            self.ip = str(Path(self.folder) / "kernel")

    @property
    def kernel_spec(self) -> KernelSpec:
        """Our own interpreter; never looked up."""
        # Environment values are templates in which $$ stands for a dollar sign.
        environment = {
            name: value.replace("$", "$$") for name, value in self.environment.items()
        }
        return KernelSpec(**get_kernel_dict(), env=environment)


def kernel_options(folder: Path, *, environment: Mapping[str, str]) -> dict[str, Any]:
    """What papermill hands on so that a job gets this kernel.

    Args:
        folder: Private, short-lived, with a path short enough for a socket.
        environment: What the kernel has beyond the environment of this process.
    """
    values = {"environment": dict(environment), "folder": str(folder)}
    return {
        "kernel_manager_class": JobKernelManager,
        "config": Config({"JobKernelManager": values}),
        # When the last cell has ended, nothing is left that a kernel could finish.
        "shutdown_kernel": "immediate",
    }
