"""Where operations that take or give media are found, beside and below the addresses of their ordinary calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from endpoints.serving.call import Call
from endpoints.serving.choice import Choice
from endpoints.serving.exchange import Exchange
from endpoints.serving.failures import MethodNotAllowed
from endpoints.serving.http import Request
from endpoints.serving.limits import Limits
from endpoints.serving.media.downloads import Download
from endpoints.serving.media.flow import Flow, FlowExchange
from endpoints.serving.media.folder import Folder
from endpoints.serving.media.resuming import Resuming
from endpoints.serving.media.sessions import Sessions
from endpoints.serving.media.uploads import UPLOAD_ID, UPLOAD_TYPE, Upload
from endpoints.serving.parameters import query_pairs
from endpoints.serving.router import Route
from endpoints.upload_folder import UploadFolder
from protorpc.message_types import VoidMessage

_ALT: Final = "alt"


class MediaDoors:
    """The media of a server.

    Args:
      limits: of the server.
      setting: where uploads are kept.
      trust_forwarded: whether a proxy in front says how callers reach the server.
    """

    def __init__(self, limits: Limits, setting: UploadFolder, *, trust_forwarded: bool) -> None:
        self._limits = limits
        self._setting = setting
        self._trust_forwarded = trust_forwarded
        self._folder: Folder | None = None
        self._uploads: dict[tuple[str, Any], dict[str, Upload]] = {}

    def choice(self, call: Call) -> Choice | None:
        """What answers at the address of an operation; None where it neither takes nor gives media.

        Raises:
          ApiConfigurationError: the folder for uploads cannot be used.
        """
        info = call.operation.method_info
        if info.media_upload is None and not info.media_download:
            return None
        download = Download(call, self._limits) if info.media_download else None
        door: FlowExchange | None = None
        if info.media_upload is not None:
            uploads = self._uploads.setdefault(self._place(call), {})
            uploads[call.operation.http_method] = self._upload(call)
            door = _Door(uploads, self._sessions, call.operation.http_method)
        always = download is not None and call.operation.response_type is VoidMessage
        return Choice(call, _chooser(door, download, always=always))

    def routes(self) -> Iterator[tuple[Route[Any], bool]]:
        """The addresses of uploads, and of each whether it is matched before any decoding.

        One address is where apitools finds it, one where Google's Node.js client does, which puts the path of the
        discovery document after the root of the API.
        """
        for uploads in self._uploads.values():
            operation = next(iter(uploads.values())).operation
            base, rest = operation.api_info.base_path, operation.full_path.removeprefix(operation.api_info.base_path)
            for place in dict.fromkeys(
                f"{before}{kind}{rest}"
                for before in (base, base + base.lstrip("/"))
                for kind in ("upload/", "resumable/upload/")
            ):
                for verb in dict.fromkeys([*uploads, "PUT", "DELETE"]):
                    prefix = place.removesuffix(operation.template.text)
                    door = _Door(uploads, self._sessions, verb)
                    yield Route(verb, prefix, operation.template, door), operation.use_request_uri

    def _place(self, call: Call) -> tuple[str, Any]:
        operation = call.operation
        info = operation.api_info
        return f"{info.base_path}{info.name}/{info.path_version}/", operation.template.shape

    def _upload(self, call: Call) -> Upload:
        return Upload(call, self._limits, self._opened_folder, self._sessions, trust_forwarded=self._trust_forwarded)

    @property
    def _opened_folder(self) -> Folder:
        if self._folder is None:
            self._folder = Folder(self._setting)
        return self._folder

    @property
    def _sessions(self) -> Sessions:
        return Sessions(self._opened_folder, self._setting.max_sessions)


class _Door(FlowExchange):
    """One address and verb of uploads: begins them, or goes on with one."""

    def __init__(self, uploads: dict[str, Upload], sessions: Sessions, verb: str) -> None:
        self._uploads = uploads
        self._sessions = sessions
        self._verb = verb
        self.operation = uploads[verb].operation if verb in uploads else next(iter(uploads.values())).operation

    def flow(self, request: Request, values: tuple[str, ...], size: int | None) -> Flow:
        """As the query says.

        Raises:
          MethodNotAllowed: 405, uploads do not begin with this verb.
        """
        upload_id = dict(reversed(query_pairs(request.query))).get(UPLOAD_ID)
        if upload_id is not None:
            return Resuming(self._uploads, self._sessions).flow(request, upload_id, size)
        upload = self._uploads.get(self._verb)
        if upload is None:
            raise MethodNotAllowed(self._verb, sorted(self._uploads))
        return upload.flow(request, values, size)


def _chooser(door: Exchange | None, download: Exchange | None, *, always: bool) -> Callable[[str], Exchange | None]:
    def choose(query: str) -> Exchange | None:
        if door is not None and UPLOAD_TYPE in query and UPLOAD_TYPE in _names(query):
            return door
        if download is not None and (always or (_ALT in query and dict(query_pairs(query)).get(_ALT) == "media")):
            return download
        return None

    return choose


def _names(query: str) -> Iterable[str]:
    return [name for name, _ in query_pairs(query)]
