"""The setting that says where uploads are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

VARIABLE: Final = "ENDPOINTS_UPLOADS"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFolder:
    """Where uploads are kept until a method has them, and for how long.

    Args:
        path: the folder, made if there is none; by default what the environment variable ENDPOINTS_UPLOADS says, else
            one below the system's folder for temporary files. All processes of a server, and all servers behind one
            address, need the same.
        lifetime: seconds after which an upload is given up to which nothing was added.
        max_sessions: resumable uploads that may be open at a time; further ones are answered 503.

    Raises:
        TypeError: the path is none.
        ValueError: a limit that is not positive.
    """

    path: str | os.PathLike[str] | None = None
    lifetime: float = 24 * 60 * 60
    max_sessions: int = 1000

    def __post_init__(self) -> None:
        if self.path is not None and not isinstance(self.path, (str, os.PathLike)):
            raise TypeError(f"UploadFolder: path must be the path of a folder, not {self.path!r}")
        for name in ("lifetime", "max_sessions"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
                raise ValueError(f"UploadFolder: {name} must be positive, found {value!r}")
