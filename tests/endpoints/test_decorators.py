# mypy: disable-error-code="empty-body"
from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest

import endpoints
from endpoints.definitions import OAuth2Scope
from protorpc import message_types, messages, remote

AUTH_LEVEL = endpoints.AUTH_LEVEL


class Note(messages.Message):
    text = messages.StringField(1)


NUMBERED = endpoints.ResourceContainer(Note, n=messages.IntegerField(2))


def info_of(decorate: Callable[[type[remote.Service]], type[remote.Service]]) -> Any:
    service: Any = decorate(type("Notes", (remote.Service,), {}))
    return service.api_info


def declared(*arguments: Any, **settings: Any) -> Any:
    def get(_self: object, request: Note) -> Note:
        return request

    return endpoints.method(*(arguments or (Note, Note)), **settings)(get)


class TestApi:
    def test_defaults(self) -> None:
        info = info_of(endpoints.api("notes", "v1"))
        assert (info.name, info.api_version, info.path_version, info.base_path) == ("notes", "v1", "v1", "/_ah/api/")
        assert info.scopes == [endpoints.EMAIL_SCOPE]
        assert info.allowed_client_ids == [endpoints.API_EXPLORER_CLIENT_ID]
        assert info.auth_level is AUTH_LEVEL.NONE
        unset = (info.description, info.audiences, info.issuers, info.namespace, info.limit_definitions, info.auth)
        assert set(unset) == {None}
        assert (info.api_key_required, info.use_request_uri, info.restricts_callers) == (False, False, False)

    def test_everything_is_kept(self) -> None:
        settings = {
            "description": "d",
            "hostname": "h.example",
            "audiences": {"auth0": ["a"]},
            "allowed_client_ids": ["c"],
            "canonical_name": "Notes API",
            "auth": endpoints.api_config.ApiAuth(allow_cookie_auth=True),
            "owner_domain": "example.com",
            "owner_name": "Example",
            "package_path": "a/b",
            "frontend_limits": endpoints.api_config.ApiFrontEndLimits(
                unregistered_qps=3, rules=[endpoints.api_config.ApiFrontEndLimitRule(match="m", daily=9)]
            ),
            "title": "t",
            "documentation": "https://docs.example",
            "auth_level": AUTH_LEVEL.REQUIRED,
            "issuers": {"auth0": endpoints.Issuer("https://i", "https://j")},
            "namespace": endpoints.Namespace("example.com", "Example", None),
            "api_key_required": True,
            "base_path": "/api/",
            "limit_definitions": [endpoints.LimitDefinition("reads", "Reads", 0)],
            "use_request_uri": True,
        }
        info = info_of(endpoints.api(name="notes", version="v1", scopes=["s1", OAuth2Scope("s2", "Two")], **settings))  # type: ignore[arg-type]
        assert {name: getattr(info, name) for name in settings} == settings
        assert info.scope_objs == [("s1", "s1"), ("s2", "Two")]
        assert info.scopes == ["s1", "s2"]

    @pytest.mark.parametrize(
        ("version", "path_version"),
        [
            ("v1", "v1"),
            ("2.1.0", "v2"),
            ("0.9.3", "v0"),
            ("3.0.0-beta.1+build5", "v3"),
            ("1.2", "1.2"),
            ("1.0.0-01", "1.0.0-01"),
            ("01.0.0", "01.0.0"),
            ("1.0.0-", "1.0.0-"),
            ("v1beta2", "v1beta2"),
            ("", ""),
        ],
    )
    def test_version_in_addresses(self, version: str, path_version: str) -> None:
        info = info_of(endpoints.api("notes", version))
        assert (info.api_version, info.path_version) == (version, path_version)

    def test_arguments_are_not_shared_with_the_caller(self) -> None:
        clients = ["a"]
        info = info_of(endpoints.api("notes", "v1", allowed_client_ids=clients))
        clients.append("b")
        assert info.allowed_client_ids == ["a"]

    @pytest.mark.parametrize(
        ("arguments", "text"),
        [((None, "v1"), "name must be a string, not None"), (("notes", 1), "version must be a string, not 1")],
    )
    def test_name_and_version_are_strings(self, arguments: Any, text: str) -> None:
        with pytest.raises(TypeError, match=text):
            endpoints.api(*arguments)

    @pytest.mark.parametrize(
        ("settings", "kind", "text"),
        [
            ({"description": 5}, TypeError, "description must be a string, not 5"),
            ({"scopes": "one"}, TypeError, "scopes must be a list"),
            ({"scopes": [5]}, TypeError, "scopes must hold scopes only, not 5"),
            ({"allowed_client_ids": {"x"}}, TypeError, "allowed_client_ids must be a list of strings"),
            ({"audiences": [5]}, TypeError, "audiences must hold strings only, not 5"),
            ({"issuers": {"a": ("i", "j")}}, TypeError, "issuers['a'] must be an endpoints.Issuer"),
            ({"issuers": {5: endpoints.Issuer("i", "j")}}, TypeError, "issuer name 5"),
            ({"auth_level": 17}, TypeError, "auth_level must be one of endpoints.AUTH_LEVEL, not 17"),
            ({"auth_level": [1]}, TypeError, "auth_level"),
            ({"api_key_required": 1}, TypeError, "api_key_required must be True or False, not 1"),
            ({"auth": True}, TypeError, "auth must be an ApiAuth"),
            ({"namespace": "n"}, TypeError, "namespace must be an endpoints.Namespace"),
            ({"namespace": endpoints.Namespace("d", "n", 5)}, TypeError, "namespace.package_path must be a string"),  # type: ignore[arg-type]
            (
                {"namespace": endpoints.Namespace("", "n", "p")},
                endpoints.InvalidNamespaceException,
                "owner_domain must be set",
            ),
            ({"base_path": "/api"}, endpoints.ApiConfigurationError, "base_path must begin and end with a slash"),
            ({"base_path": ""}, endpoints.ApiConfigurationError, "base_path must begin and end with a slash"),
            ({"base_path": "/{x}/"}, endpoints.ApiConfigurationError, "base_path '/{x}/' must not hold variables"),
            ({"limit_definitions": ()}, TypeError, "limit_definitions must be a list"),
            ({"limit_definitions": ["a"]}, TypeError, "limit_definitions must hold endpoints.LimitDefinition objects"),
        ],
    )
    def test_mistakes_name_the_api_and_the_argument(self, settings: Any, kind: type[Exception], text: str) -> None:
        with pytest.raises(kind) as raised:
            endpoints.api("notes", "v1", **settings)
        assert str(raised.value).startswith("endpoints.api('notes', 'v1'): ")
        assert text in str(raised.value)

    @pytest.mark.parametrize(
        ("limit", "kind", "text"),
        [
            (("", "A", 1), endpoints.InvalidLimitDefinitionException, "metric_name must be set"),
            (("a", None, 1), endpoints.InvalidLimitDefinitionException, "display_name must be set"),
            ((5, "A", 1), TypeError, "metric_name must be a string"),
            (("a", "A", None), TypeError, "default_limit must be an integer, not None"),
            (("a", "A", True), TypeError, "default_limit must be an integer, not True"),
            (("a", "A", "1"), TypeError, "default_limit must be an integer, not '1'"),
            (("a", "A", -1), endpoints.InvalidLimitDefinitionException, "default_limit must not be negative"),
            (("first", "A", 1), endpoints.InvalidLimitDefinitionException, "'first' twice"),
        ],
    )
    def test_limits_that_make_no_sense(self, limit: Any, kind: type[Exception], text: str) -> None:
        limits = [endpoints.LimitDefinition("first", "First", 1), endpoints.LimitDefinition(*limit)]
        with pytest.raises(kind, match=text):
            endpoints.api("notes", "v1", limit_definitions=limits)

    def test_a_long_display_name_is_only_warned_of(self) -> None:
        with pytest.warns(endpoints.DeploymentWarning, match="more than 40 characters") as caught:
            endpoints.api("notes", "v1", limit_definitions=[endpoints.LimitDefinition("a", "A" * 41, 1)])
        assert caught[0].filename == __file__

    def test_audiences_of_an_issuer_are_a_list(self) -> None:
        with pytest.warns(endpoints.ConfigurationWarning, match="'auth0'") as caught:
            api = endpoints.api("notes", "v1", audiences={"auth0": "abc", "other": ["x"]})
        assert caught[0].filename == __file__
        assert info_of(api).audiences == {"auth0": ["abc"], "other": ["x"]}


class TestApiClass:
    def test_what_a_class_does_not_say_is_as_the_api_says(self) -> None:
        api = endpoints.api(
            "notes", "v1", audiences=["a"], scopes=["s"], allowed_client_ids=["c"], api_key_required=True
        )
        info = info_of(api.api_class())
        assert (info.audiences, info.scopes, info.allowed_client_ids) == (["a"], ["s"], ["c"])
        assert (info.auth_level, info.api_key_required) == (AUTH_LEVEL.NONE, True)
        assert (info.resource_name, info.path) == (None, None)

    def test_what_a_class_says_wins_also_when_it_is_empty(self) -> None:
        api = endpoints.api(
            "notes", "v1", audiences=["a"], scopes=["s"], allowed_client_ids=["c"], api_key_required=True
        )
        info = info_of(api.api_class("res", "path", [], [], [], AUTH_LEVEL.REQUIRED, False))
        assert (info.audiences, info.scopes, info.allowed_client_ids) == ([], [], [])
        assert (info.auth_level, info.api_key_required) == (AUTH_LEVEL.REQUIRED, False)
        assert (info.resource_name, info.path) == ("res", "path")

    def test_classes_of_one_call_are_one_api(self) -> None:
        api = endpoints.api("notes", "v1")
        one, two, other = (
            info_of(api.api_class()),
            info_of(api.api_class(path="p")),
            info_of(endpoints.api("notes", "v1")),
        )
        assert one.is_same_api(two)
        assert not one.is_same_api(other)
        assert not one.is_same_api("notes")
        assert [each.__name__ for each in api.get_api_classes()] == ["Notes", "Notes"]

    @pytest.mark.parametrize(
        ("settings", "text"),
        [
            ({"resource_name": 5}, "resource_name must be a string"),
            ({"path": 5}, "path must be a string"),
            ({"audiences": {"auth0": ["x"]}}, "audiences must be a list of strings"),
            ({"api_key_required": "yes"}, "api_key_required must be True or False"),
        ],
    )
    def test_mistakes_name_the_class(self, settings: Any, text: str) -> None:
        with pytest.raises(TypeError) as raised:
            info_of(endpoints.api("notes", "v1").api_class(**settings))
        assert str(raised.value).startswith("API 'notes', class Notes: ")
        assert text in str(raised.value)


class TestMethod:
    def test_defaults(self) -> None:
        info = declared().method_info
        assert (info.name, info.path, info.http_method) == ("get", "get", "POST")
        unset = (info.scopes, info.audiences, info.allowed_client_ids, info.auth_level, info.metric_costs)
        assert set(unset) == {None}
        assert (info.api_key_required, info.request_body_class, info.request_params_class) == (None, None, None)
        assert info.blocking is True

    def test_everything_is_kept(self) -> None:
        settings = {
            "name": "notes.get",
            "path": "notes/{id}",
            "http_method": "GET",
            "audiences": ["a"],
            "allowed_client_ids": ["c"],
            "auth_level": AUTH_LEVEL.OPTIONAL,
            "api_key_required": True,
            "metric_costs": {"reads": 2},
            "blocking": False,
        }
        info = declared(scopes=["s"], **settings).method_info
        assert {name: getattr(info, name) for name in settings} == settings
        assert info.scopes == ["s"]

    @pytest.mark.parametrize(("given", "kept"), [(None, "POST"), ("get", "get")])
    def test_verb(self, given: str | None, kept: str) -> None:
        assert declared(http_method=given).method_info.http_method == kept

    def test_an_empty_path_or_name_is_the_name_of_the_function(self) -> None:
        info = declared(path="", name="").method_info
        assert (info.path, info.name) == ("get", "get")

    @pytest.mark.parametrize(
        ("decorator", "request_type", "response_type"),
        [
            (endpoints.method(), message_types.VoidMessage, message_types.VoidMessage),
            (endpoints.method(Note), Note, message_types.VoidMessage),
            (endpoints.method(Note, Note), Note, Note),
            (endpoints.method(request_message=Note, response_message=Note), Note, Note),
            (endpoints.method(response_message=Note), message_types.VoidMessage, Note),
            (endpoints.method("Note", "Note"), Note, Note),
        ],
        ids=["none", "request", "both", "keywords", "response", "names"],
    )
    def test_message_classes(self, decorator: Any, request_type: Any, response_type: Any) -> None:
        def get(self, request): ...  # type: ignore[no-untyped-def]

        info = decorator(get).remote
        assert (info.request_type, info.response_type) == (request_type, response_type)

    def test_a_container(self) -> None:
        method = declared(NUMBERED, Note)
        assert method.remote.request_type is NUMBERED.combined_message_class
        assert method.method_info.request_body_class is Note
        assert method.method_info.request_params_class is NUMBERED.parameters_message_class

    def test_the_function_is_still_known(self) -> None:
        def get(_self: object, request: Note) -> Note:
            """Get a note."""
            return request

        decorated: Any = endpoints.method(Note, Note, name="notes.get")(get)
        assert decorated.__name__ == "notes.get"
        assert (decorated.__doc__, decorated.__module__, decorated.__wrapped__) == ("Get a note.", __name__, get)
        assert decorated.remote.method is get

    @pytest.mark.parametrize(
        ("settings", "kind", "text"),
        [
            ({"name": 5}, TypeError, "name must be a string, not 5"),
            ({"path": 5}, TypeError, "path must be a string, not 5"),
            ({"scopes": "a"}, TypeError, "scopes must be a list"),
            ({"audiences": "a"}, TypeError, "audiences must be a list"),
            ({"allowed_client_ids": "a"}, TypeError, "allowed_client_ids must be a list"),
            ({"auth_level": "NONE"}, TypeError, "auth_level must be one of"),
            ({"metric_costs": ["a"]}, TypeError, "metric_costs must be a dict"),
            ({"metric_costs": {5: 1}}, TypeError, "metric name 5"),
            ({"metric_costs": {"a": "one"}}, TypeError, "metric_costs['a'] must be an integer"),
            ({"metric_costs": {"a": None}}, TypeError, "metric_costs['a'] must be an integer"),
            ({"metric_costs": {"a": True}}, TypeError, "metric_costs['a'] must be an integer"),
            ({"metric_costs": {"a": 0}}, ValueError, "metric_costs['a'] must be 1 or more, not 0"),
            ({"blocking": "no"}, TypeError, "blocking must be True or False"),
            ({"request_message": str}, TypeError, "request_message must be a message class"),
            ({"request_message": None}, TypeError, "request_message must be a message class"),
            ({"request_message": messages.Message}, TypeError, "request_message must be a message class"),
            ({"response_message": Note(text="x")}, TypeError, "response_message must be a message class"),
            ({"response_message": NUMBERED}, TypeError, "response_message must be a message class or the name of one"),
            (
                {"request_message": endpoints.ResourceContainer(Note, text=messages.IntegerField(1))},
                TypeError,
                "request_message: the field 'text'",
            ),
        ],
    )
    def test_mistakes_name_class_method_and_argument(self, settings: Any, kind: type[Exception], text: str) -> None:
        arguments = {"request_message": Note, "response_message": Note} | settings
        with pytest.raises(kind) as raised:

            class Notes(remote.Service):
                @endpoints.method(**arguments)
                def get(self, request: Note) -> Note:
                    return request

        assert str(raised.value).startswith("Notes.get: ")
        assert text in str(raised.value)

    @pytest.mark.parametrize("argument", ["api_key_required", "use_request_uri"])
    def test_flags_that_are_no_booleans_are_only_warned_of(self, argument: str) -> None:
        with pytest.warns(endpoints.ConfigurationWarning, match=argument):
            info = declared(**{argument: "yes"}).method_info
        api = info_of(endpoints.api("notes", "v1"))
        answer = info.is_api_key_required(api) if argument == "api_key_required" else info.use_request_uri(api)
        assert answer is True

    def test_the_decorator_is_called(self) -> None:
        def get(self: object, request: Note) -> Note: ...

        with pytest.raises(TypeError, match="with parentheses"):
            endpoints.method(get)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("setting", "of_api", "effective"),
        [(None, True, True), (None, False, False), (False, True, False), (True, False, True)],
    )
    def test_what_a_method_does_not_say_is_as_its_api_says(self, setting: Any, of_api: bool, effective: bool) -> None:
        api = info_of(endpoints.api("notes", "v1", api_key_required=of_api, use_request_uri=of_api))
        info = declared(api_key_required=setting, use_request_uri=setting).method_info
        assert info.is_api_key_required(api) is effective
        assert info.use_request_uri(api) is effective

    @pytest.mark.parametrize(
        ("path", "class_path", "expected"),
        [
            ("list", None, "list"),
            ("list", "books", "books/list"),
            ("/list", "books", "list"),
            (None, "books", "books/get"),
            ("{id}:open", "books", "books/{id}:open"),
        ],
    )
    def test_get_path(self, path: str | None, class_path: str | None, expected: str) -> None:
        api = info_of(endpoints.api("notes", "v1").api_class(path=class_path))
        assert declared(path=path).method_info.get_path(api) == expected

    def test_get_path_checks(self) -> None:
        with pytest.raises(endpoints.ApiConfigurationError):
            declared(path="a{x}b").method_info.get_path(info_of(endpoints.api("notes", "v1")))

    @pytest.mark.parametrize(
        ("api_name", "resource", "name", "method_id"),
        [
            ("notes", None, "get", "notes.get"),
            ("notes", "shelf", "a.b", "notes.shelf.a.b"),
            ("my-api", "__Res!", "__Odd-name!", "myapi.res.oddname"),
            ("", "", "Other_Name", ".other_Name"),
        ],
    )
    def test_method_id(self, api_name: str, resource: str | None, name: str, method_id: str) -> None:
        api = info_of(endpoints.api(api_name, "v1").api_class(resource_name=resource))
        assert declared(name=name).method_info.method_id(api) == method_id


class Notes(remote.Service):
    @endpoints.method(Note, Note, name="notes.echo")
    def echo(self, request: Note) -> Note:
        return request

    @endpoints.method(Note, Note)
    async def later(self, request: Note) -> Note:
        await asyncio.sleep(0)
        return request

    @endpoints.method(Note, Note)
    def nothing(self, request: Note) -> Any:
        return None

    @endpoints.method(NUMBERED, Note)
    def numbered(self, request: Any) -> Note:
        return Note(text=f"{request.text} {request.n}")


class TestDirectCall:
    def test_with_a_message(self) -> None:
        note = Note(text="x")
        assert Notes().echo(note) is note

    def test_with_a_combined_message(self) -> None:
        request = NUMBERED.combined_message_class(text="x", n=2)
        assert Notes().numbered(request).text == "x 2"

    def test_async(self) -> None:
        note = Note(text="x")
        assert inspect.iscoroutinefunction(Notes.later)
        assert asyncio.run(Notes().later(note)) is note

    def test_another_request(self) -> None:
        with pytest.raises(remote.RequestError):
            Notes().echo(message_types.VoidMessage())  # type: ignore[arg-type]

    def test_another_response(self) -> None:
        with pytest.raises(remote.ServerError):
            Notes().nothing(Note())


class TestValues:
    def test_values_compare_and_show_themselves(self) -> None:
        assert endpoints.Issuer("a", "b") == endpoints.Issuer(issuer="a", jwks_uri="b")
        assert repr(endpoints.Issuer("a", "b")) == "Issuer(issuer='a', jwks_uri='b')"
        assert (
            repr(endpoints.Namespace("a", "b", "c")) == "Namespace(owner_domain='a', owner_name='b', package_path='c')"
        )

    def test_auth_levels_are_numbers(self) -> None:
        assert [AUTH_LEVEL.REQUIRED, AUTH_LEVEL.OPTIONAL, AUTH_LEVEL.OPTIONAL_CONTINUE, AUTH_LEVEL.NONE] == [0, 1, 2, 3]
        assert AUTH_LEVEL.reverse_mapping[AUTH_LEVEL.OPTIONAL] == "OPTIONAL"
        assert len(AUTH_LEVEL) == 4

    def test_scopes_describe_themselves(self) -> None:
        described = OAuth2Scope("s", "Scope")
        assert OAuth2Scope.convert_list([described, "t"]) == [described, OAuth2Scope("t", "t")]
        assert OAuth2Scope.convert_list(None) is None

    @pytest.mark.parametrize(
        ("kind", "settings"),
        [
            (endpoints.api_config.ApiAuth, {"allow_cookie_auth": "yes"}),
            (endpoints.api_config.ApiAuth, {"blocked_regions": "de"}),
            (endpoints.api_config.ApiFrontEndLimits, {"unregistered_qps": "3"}),
            (endpoints.api_config.ApiFrontEndLimits, {"rules": [1]}),
            (endpoints.api_config.ApiFrontEndLimitRule, {"match": 1}),
            (endpoints.api_config.ApiFrontEndLimitRule, {"daily": "1"}),
        ],
    )
    def test_settings_of_the_former_front_end_are_checked(self, kind: Any, settings: Any) -> None:
        with pytest.raises(TypeError, match=next(iter(settings))):
            kind(**settings)
