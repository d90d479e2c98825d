from __future__ import annotations

import asyncio
import inspect
import json
import pickle
import sys
import types
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

import pytest

from protorpc import message_types, messages, protojson, remote

if TYPE_CHECKING:
    from collections.abc import Callable


def test_exports_nothing_else() -> None:
    public = {
        name for name, value in vars(remote).items() if name[0] != "_" and not isinstance(value, types.ModuleType)
    }
    assert public == set(remote.__all__)


class Request(messages.Message):
    value = messages.StringField(1)


class Response(messages.Message):
    value = messages.StringField(1)


class Echo(remote.Service):
    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix

    @remote.method(Request, Response)
    def echo(self, request: Request) -> Response:
        """Say it again."""
        return Response(value=f"{self.prefix}{request.value}")

    @remote.method()
    def nothing(self, request: message_types.VoidMessage) -> message_types.VoidMessage:
        return request

    def local(self) -> str:
        return "not remote"


def info_of(function: object) -> remote.RemoteMethodInfo:
    info = remote.get_remote_method_info(function)
    assert info is not None
    return info


class TestMethod:
    def test_declares_messages(self) -> None:
        info = info_of(Echo.echo)
        assert info is Echo.echo.remote  # type: ignore[attr-defined]
        assert (info.request_type, info.response_type) == (Request, Response)
        assert isinstance(info.method, types.FunctionType)
        assert info.method(Echo("!"), Request(value="a")) == Response(value="!a")

    def test_messages_are_void_by_default(self) -> None:
        info = info_of(Echo.nothing)
        assert info.request_type is info.response_type is message_types.VoidMessage

    def test_keeps_name_and_documentation(self) -> None:
        assert (Echo.echo.__name__, Echo.echo.__doc__) == ("echo", "Say it again.")

    @pytest.mark.parametrize("wrong", ["text", None, Response()], ids=repr)
    def test_checks_requests(self, wrong: Any) -> None:
        with pytest.raises(remote.RequestError, match=r"^Method Echo\.echo expected request type Request, received "):
            Echo().echo(wrong)

    @pytest.mark.parametrize("wrong", ["text", None, Request()], ids=repr)
    def test_checks_answers(self, wrong: Any) -> None:
        class Broken:
            @remote.method(Request, Response)
            def answer(self, request: Request) -> Any:
                return wrong

        with pytest.raises(remote.ServerError, match=r"^Method Broken\.answer expected response type Response, sent "):
            Broken().answer(Request())

    def test_async_functions_stay_async(self) -> None:
        class Slow(remote.Service):
            @remote.method(Request, Response)
            async def echo(self, request: Request) -> Any:
                await asyncio.sleep(0)
                return Response(value=request.value) if request.value else "wrong"

        assert inspect.iscoroutinefunction(Slow.echo)
        assert asyncio.run(Slow().echo(Request(value="a"))) == Response(value="a")
        with pytest.raises(remote.ServerError, match="sent str"):
            asyncio.run(Slow().echo(Request()))
        with pytest.raises(remote.RequestError, match="received int"):
            asyncio.run(Slow().echo(5))  # type: ignore[arg-type]

    def test_messages_may_be_named_before_they_exist(self) -> None:
        class Early(remote.Service):
            @remote.method("LateRequest", "protorpc.message_types.VoidMessage")
            def act(self, request: Any) -> Any:
                return message_types.VoidMessage()

        info = info_of(Early.act)
        with pytest.raises(messages.DefinitionNotFoundError, match="Could not find definition for LateRequest"):
            _ = info.request_type

        class LateRequest(messages.Message):
            pass

        module = vars(sys.modules[__name__])
        module["LateRequest"] = LateRequest
        try:
            assert info.request_type is LateRequest
        finally:
            del module["LateRequest"]
        assert info.request_type is LateRequest
        assert info.response_type is message_types.VoidMessage

    @pytest.mark.parametrize("wrong", [None, 5, str, list[int], Request(), messages.Message], ids=repr)
    @pytest.mark.parametrize("argument", ["request_type", "response_type"])
    def test_wants_message_classes(self, argument: str, wrong: Any) -> None:
        with pytest.raises(TypeError, match=rf"Broken\.act: {argument} must be a message class"):

            class Broken(remote.Service):
                @remote.method(**{argument: wrong})
                def act(self, request: Any) -> Any: ...

    def test_first_name(self) -> None:
        @remote.remote(Request, Response)
        def act(_self: object, _request: Request) -> Response:
            return Response()

        assert info_of(act).request_type is Request

    @pytest.mark.parametrize(
        "value",
        [None, 5, "text", Echo.local, Echo().local, len, Request],
        ids=["nothing", "number", "text", "function", "bound method", "builtin", "class"],
    )
    def test_others_have_no_info(self, value: object) -> None:
        assert remote.get_remote_method_info(value) is None

    def test_info_of_another_kind_is_none(self) -> None:
        def function() -> None: ...

        function.remote = "something else"  # type: ignore[attr-defined]
        assert remote.get_remote_method_info(function) is None

    def test_bound_methods_have_info(self) -> None:
        assert remote.get_remote_method_info(Echo().echo) is info_of(Echo.echo)


class TestService:
    def test_base_has_no_remote_methods(self) -> None:
        assert remote.Service.all_remote_methods() == {}

    def test_lists_remote_methods_in_order(self) -> None:
        assert list(Echo.all_remote_methods().items()) == [("echo", Echo.echo), ("nothing", Echo.nothing)]

    def test_list_is_a_copy(self) -> None:
        Echo.all_remote_methods().clear()
        assert Echo.all_remote_methods()

    def test_subclasses_add_methods(self) -> None:
        class More(Echo):
            @remote.method(Request, Response)
            def again(self, request: Request) -> Response:
                return self.echo(request)

        assert list(More.all_remote_methods()) == ["echo", "nothing", "again"]
        assert More("?").again(Request(value="a")) == Response(value="?a")

    def test_several_bases(self) -> None:
        class Other(remote.Service):
            @remote.method()
            def other(self, request: message_types.VoidMessage) -> message_types.VoidMessage:
                return request

        class Both(Other, Echo):
            pass

        assert list(Both.all_remote_methods()) == ["other", "echo", "nothing"]

    def test_override_keeps_the_declaration(self) -> None:
        class Loud(Echo):
            def echo(self, request: Request) -> Response:
                return Response(value=f"({super().echo(request).value})")

        assert Loud.all_remote_methods()["echo"] is Loud.echo
        assert info_of(Loud.echo).request_type is Request
        assert Loud().echo(Request(value="a")) == Response(value="(a)")
        with pytest.raises(remote.RequestError, match=r"Loud\.echo"):
            Loud().echo("text")  # type: ignore[arg-type]

    def test_override_of_an_override(self) -> None:
        class First(Echo):
            def echo(self, request: Request) -> Response:
                return Response(value="first")

        class Second(First):
            def echo(self, request: Request) -> Response:
                return Response(value=f"second {super().echo(request).value}")

        assert Second().echo(Request()) == Response(value="second first")

    def test_override_by_a_mixin(self) -> None:
        class Mixin:
            def echo(self, request: Request) -> Response:
                return Response(value="mixed in")

        class Mixed(Mixin, Echo):
            pass

        assert Mixed.all_remote_methods()["echo"](Mixed(), Request()) == Response(value="mixed in")
        assert info_of(Mixed.echo).response_type is Response
        assert remote.get_remote_method_info(Mixin.echo) is None

    def test_override_keeps_names_that_are_not_looked_up_yet(self) -> None:
        class Base(remote.Service):
            @remote.method("NotYet", "Response")
            def act(self, request: Any) -> Any: ...

        class Sub(Base):
            def act(self, request: Any) -> Any: ...

        assert info_of(Sub.act).response_type is Response
        with pytest.raises(messages.DefinitionNotFoundError, match="NotYet"):
            _ = info_of(Sub.act).request_type

    def test_override_is_not_decorated(self) -> None:
        with pytest.raises(
            remote.ServiceDefinitionError,
            match="Do not use method decorator when overloading remote method echo on service Twice",
        ):

            class Twice(Echo):
                @remote.method(Request, Response)
                def echo(self, request: Request) -> Response: ...  # type: ignore[empty-body]

    @pytest.mark.parametrize("value", [None, 1, "text", {}], ids=repr)
    def test_override_is_a_function(self, value: Any) -> None:
        with pytest.raises(remote.ServiceDefinitionError, match="Must override echo in Wrong with a method"):

            class Wrong(Echo):
                echo = value

    def test_factory(self) -> None:
        factory: Any = Echo.new_factory(prefix=">")
        assert factory.service_class is Echo
        assert factory.__name__ == "Echo_service_factory"
        assert f"{__name__}.Echo" in factory.__doc__
        assert factory().echo(Request(value="a")) == Response(value=">a")
        assert factory() is not factory()

    @pytest.mark.parametrize("factory", [remote.Service.new_factory(1), Echo.new_factory(x=1)], ids=["args", "kwargs"])
    def test_factory_with_arguments_that_do_not_fit(self, factory: Callable[[], remote.Service]) -> None:
        with pytest.raises(TypeError):
            factory()

    def test_request_state(self) -> None:
        service, state = Echo(), remote.RequestState(remote_host="host")
        service.initialize_request_state(state)
        assert service.request_state is state
        assert Echo().request_state is None

    def test_is_named_by_its_module(self) -> None:
        assert Echo.definition_name() == f"{__name__}.Echo"
        assert Echo.outer_definition_name() == Echo.definition_package() == __name__

    def test_is_named_by_its_package(self) -> None:
        module = types.ModuleType("somewhere.services")
        module.__dict__.update(package="my.package", remote=remote)
        sys.modules["somewhere.services"] = module
        try:
            exec("class S(remote.Service): pass\nclass T(S): pass", module.__dict__)  # noqa: S102
            assert module.S.definition_name() == "my.package.S"
            assert module.T.definition_name() == "my.package.T"
            assert module.T.outer_definition_name() == module.T.definition_package() == "my.package"
        finally:
            del sys.modules["somewhere.services"]
        assert module.S.definition_name() == "S"
        assert module.S.definition_package() is None


class TestRequestState:
    ORIGIN: dict[str, Any] = {  # noqa: RUF012
        "remote_host": "abc",
        "remote_address": "1.2.3.4",
        "server_host": "ghi",
        "server_port": 102,
    }

    @pytest.mark.parametrize("state_class", [remote.RequestState, remote.HttpRequestState])
    def test_holds_what_is_known(self, state_class: type[remote.RequestState]) -> None:
        known, unknown = state_class(**self.ORIGIN), state_class()
        for name, value in self.ORIGIN.items():
            assert getattr(known, name) == value
            assert getattr(unknown, name) is None
            with pytest.raises(AttributeError):
                setattr(known, name, value)

    @pytest.mark.parametrize("state_class", [remote.RequestState, remote.HttpRequestState])
    def test_shows_what_is_known(self, state_class: type[remote.RequestState]) -> None:
        name = state_class.__name__
        assert repr(state_class()) == f"<{name}>"
        assert repr(state_class(server_port=8080)) == f"<{name} server_port=8080>"
        assert repr(state_class(**self.ORIGIN)) == (
            f"<{name} remote_host='abc' remote_address='1.2.3.4' server_host='ghi' server_port=102>"
        )

    @pytest.mark.parametrize("state_class", [remote.RequestState, remote.HttpRequestState])
    @pytest.mark.parametrize(("args", "kwargs"), [(("abc",), {}), ((), {"x": 10})], ids=["positional", "unknown"])
    def test_takes_known_keywords_only(self, state_class: Any, args: tuple[str, ...], kwargs: dict[str, int]) -> None:
        with pytest.raises(TypeError):
            state_class(*args, **kwargs)

    @pytest.mark.parametrize(
        "headers",
        [
            pytest.param([("A", "b"), ("C", "d"), ("C", "e")], id="pairs"),
            pytest.param({"C": ["d", "e"], "A": "b"}, id="dict"),
            pytest.param(Headers([("A", "b"), ("C", "d"), ("C", "e")]), id="headers"),
        ],
    )
    def test_headers(self, headers: Any) -> None:
        state = remote.HttpRequestState(http_method="GET", service_path="/bar", headers=headers)
        assert (state.http_method, state.service_path) == ("GET", "/bar")
        assert state.headers is state.headers
        assert state.headers.items() == [("A", "b"), ("C", "d"), ("C", "e")]
        assert (state.headers["a"], state.headers.get_all("c"), state.headers.get("x")) == ("b", ["d", "e"], None)
        assert repr(state) == (
            "<HttpRequestState http_method='GET' service_path='/bar' headers=[('A', 'b'), ('C', 'd'), ('C', 'e')]>"
        )

    def test_without_headers(self) -> None:
        state = remote.HttpRequestState()
        assert (state.http_method, state.service_path, state.headers.items()) == (None, None, [])


ERRORS: list[tuple[str, type[remote.RpcError]]] = [
    ("REQUEST_ERROR", remote.RequestError),
    ("SERVER_ERROR", remote.ServerError),
    ("NETWORK_ERROR", remote.NetworkError),
    ("APPLICATION_ERROR", remote.ApplicationError),
    ("METHOD_NOT_FOUND_ERROR", remote.MethodNotFoundError),
]


class TestErrors:
    def test_states(self) -> None:
        assert remote.RpcState is remote.RpcStatus.State
        assert remote.RpcState.to_dict() == {
            "OK": 0,
            "RUNNING": 1,
            "REQUEST_ERROR": 2,
            "SERVER_ERROR": 3,
            "NETWORK_ERROR": 4,
            "APPLICATION_ERROR": 5,
            "METHOD_NOT_FOUND_ERROR": 6,
        }
        assert remote.RpcStatus.definition_name() == "protorpc.remote.RpcStatus"
        assert remote.RpcState.definition_name() == "protorpc.remote.RpcStatus.State"

    @pytest.mark.parametrize(("name", "error_class"), ERRORS)
    def test_every_error_state_has_its_class(self, name: str, error_class: type[remote.RpcError]) -> None:
        state = remote.RpcState(name)
        assert remote.RpcState(error_class.STATE) is state
        for given in (state, name, state.number):
            assert remote.RpcError.from_state(given) is error_class
        status = remote.RpcStatus(state=state, error_message="it failed", error_name="blam")
        assert remote.is_error_status(status)
        with pytest.raises(remote.RpcError, match=r"^it failed$") as caught:
            remote.check_rpc_status(status)
        assert type(caught.value) is error_class
        assert getattr(caught.value, "error_name", None) == ("blam" if error_class is remote.ApplicationError else None)

    @pytest.mark.parametrize("name", ["OK", "RUNNING"])
    def test_other_states_are_no_errors(self, name: str) -> None:
        assert remote.RpcError.from_state(name) is None
        status = remote.RpcStatus(state=remote.RpcState(name))
        assert not remote.is_error_status(status)
        remote.check_rpc_status(status)

    def test_unknown_state(self) -> None:
        with pytest.raises(TypeError):
            remote.RpcError.from_state("NOTHING")

    @pytest.mark.parametrize("check", [remote.is_error_status, remote.check_rpc_status])
    def test_status_without_state(self, check: Callable[[remote.RpcStatus], object]) -> None:
        with pytest.raises(messages.ValidationError):
            check(remote.RpcStatus())

    @pytest.mark.parametrize("error_class", [error_class for _, error_class in ERRORS])
    def test_one_root(self, error_class: type[remote.RpcError]) -> None:
        assert issubclass(error_class, messages.Error)

    def test_not_found_is_a_request_error(self) -> None:
        assert issubclass(remote.MethodNotFoundError, remote.RequestError)

    def test_cause(self) -> None:
        cause = ValueError()
        assert remote.ServerError("text", cause).cause is cause
        assert remote.ServerError("text").cause is None

    @pytest.mark.parametrize(
        ("arguments", "text", "representation"),
        [
            (("an error", "blam"), "an error", "ApplicationError('an error', 'blam')"),
            (("an error", 1), "an error", "ApplicationError('an error', 1)"),
            (("an error",), "an error", "ApplicationError('an error')"),
            ((None,), "", "ApplicationError(None)"),
        ],
    )
    def test_application_error(self, arguments: Any, text: str, representation: str) -> None:
        error = remote.ApplicationError(*arguments)
        assert error.error_name == (arguments[1] if len(arguments) > 1 else None)
        assert (str(error), repr(error)) == (text, representation)
        again = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert (str(again), again.error_name) == (str(error), error.error_name)


class Plain:
    """A codec with the least that one must have."""

    CONTENT_TYPE = "text/Plain"

    @staticmethod
    def encode_message(message: messages.Message) -> str:
        return repr(message)


class TestProtocols:
    def test_config_takes_types_from_its_codec(self) -> None:
        config = remote.ProtocolConfig(protojson, "json")
        assert (config.protocol, config.name) == (protojson, "json")
        assert config.default_content_type == "application/json"
        assert config.content_types == ("application/json", *config.alternate_content_types)
        assert "text/javascript" in config.alternate_content_types

    def test_config_of_a_codec_without_alternatives(self) -> None:
        config = remote.ProtocolConfig(Plain, "plain")
        assert config.content_types == ("text/plain",)
        assert config.encode_message(Request(value="a")) == repr(Request(value="a"))

    def test_config_may_name_its_types(self) -> None:
        config = remote.ProtocolConfig(Plain, "x", "application/X-Json", iter(["text/Json", "text/x"]))
        assert config.default_content_type == "application/x-json"
        assert config.alternate_content_types == ("text/json", "text/x")
        assert config.content_types == ("application/x-json", "text/json", "text/x")

    @pytest.mark.parametrize("alternatives", [("text/Plain",), ("text/html", "text/HTML")])
    def test_config_names_no_type_twice(self, alternatives: tuple[str, ...]) -> None:
        with pytest.raises(remote.ServiceConfigurationError, match=r"^Protocol 'x' has content type '.*' twice$"):
            remote.ProtocolConfig(Plain, "x", "text/plain", alternatives)

    def test_config_reads_and_writes(self) -> None:
        config = remote.ProtocolConfig(protojson, "json")
        status = remote.RpcStatus(state=remote.RpcState.SERVER_ERROR, error_message="bad")
        encoded = config.encode_message(status)
        assert json.loads(encoded) == {"state": "SERVER_ERROR", "error_message": "bad"}
        assert config.decode_message(remote.RpcStatus, encoded) == status

    def test_lookup(self) -> None:
        protocols = remote.Protocols()
        assert not protocols.names
        assert not protocols.content_types
        protocols.add_protocol(protojson, "Json", alternative_content_types=["text/X-json"])
        protocols.add_protocol(Plain, "alike")
        assert protocols.names == ("Json", "alike")
        assert protocols.content_types == ("application/json", "text/plain", "text/x-json")
        assert protocols.lookup_by_name("jSON").protocol is protojson
        assert protocols.lookup_by_content_type("TEXT/x-json").name == "Json"
        with pytest.raises(KeyError):
            protocols.lookup_by_name("xml")
        with pytest.raises(KeyError):
            protocols.lookup_by_content_type("text/xml")

    @pytest.mark.parametrize(
        ("config", "text"),
        [
            (remote.ProtocolConfig(Plain, "JSON", "text/other"), "Protocol name 'JSON' is already in use"),
            (
                remote.ProtocolConfig(Plain, "x", "text/new", ["text/JSON"]),
                "Content type 'text/json' is already in use",
            ),
        ],
        ids=["name", "content-type"],
    )
    def test_nothing_is_replaced(self, config: remote.ProtocolConfig, text: str) -> None:
        protocols = remote.Protocols()
        protocols.add_protocol(protojson, "json")
        before = protocols.content_types
        with pytest.raises(remote.ServiceConfigurationError, match=text):
            protocols.add_protocol_config(config)
        assert (protocols.names, protocols.content_types) == (("json",), before)

    def test_default_speaks_json(self) -> None:
        protocols = remote.Protocols.new_default()
        assert protocols.lookup_by_content_type("application/json").protocol is protojson.ProtoJson.get_default()
        assert remote.Protocols.new_default() is not protocols

    def test_default_can_be_replaced(self) -> None:
        before = remote.Protocols.get_default()
        assert remote.Protocols.get_default() is before
        protocols = remote.Protocols()
        remote.Protocols.set_default(protocols)
        try:
            assert remote.Protocols.get_default() is protocols
        finally:
            remote.Protocols.set_default(before)

    @pytest.mark.parametrize("value", [None, "text", {}], ids=repr)
    def test_default_is_a_collection(self, value: Any) -> None:
        with pytest.raises(TypeError, match="Expected a Protocols object"):
            remote.Protocols.set_default(value)
