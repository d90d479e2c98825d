# mypy: disable-error-code="empty-body"
from __future__ import annotations

import warnings
from typing import Any

import pytest

import endpoints
from endpoints.operations import Api, Operation, collect
from protorpc import message_types, messages, remote

AUTH_LEVEL = endpoints.AUTH_LEVEL


class Place(messages.Message):
    city = messages.StringField(1)


class Person(messages.Message):
    name = messages.StringField(1)
    home = messages.MessageField(Place, 2)
    born = message_types.DateTimeField(3)


class Tree(messages.Message):
    label = messages.StringField(1)
    children = messages.MessageField("Tree", 2, repeated=True)


FULL = endpoints.ResourceContainer(Person, id=messages.IntegerField(2), where=messages.MessageField(Place, 3))


def service(name: str = "People", **methods: Any) -> Any:
    """A service class with one method for each argument: the arguments of `endpoints.method`."""

    def run(self: object, request: Any) -> Person: ...

    members = {
        key: endpoints.method(*args, **{"name": key, "path": key} | settings)(run)
        for key, (args, settings) in methods.items()
    }
    return type(name, (remote.Service,), members)


def method(*args: Any, **settings: Any) -> Any:
    return args or (Person, Person), {"http_method": "POST"} | settings


def api_of(**methods: Any) -> Api:
    (found,) = collect([endpoints.api("people", "v1")(service(**methods))])
    return found


def operation_of(*args: Any, **settings: Any) -> Operation:
    (found,) = api_of(run=method(*args, **settings)).operations
    return found


class TestOperation:
    def test_of_a_container(self) -> None:
        collection = endpoints.api("people", "2.1.0", base_path="/api/")

        @collection.api_class(resource_name="people", path="people")
        class People(remote.Service):
            @endpoints.method(FULL, Place, path="{id}/in/{where.city}", http_method="put", name="move", blocking=False)
            def move_person(self, request: Any) -> Place:
                """Move.

                Somewhere else.
                """
                return Place(city=request.where.city)

        (api,) = collect([collection])
        (operation,) = api.operations
        assert (operation.service, operation.function_name) == (People, "move_person")
        assert (operation.id, operation.rpc_name) == ("people.people.move", "People.move_person")
        assert operation.http_method == "PUT"
        assert operation.path == "people/{id}/in/{where.city}"
        assert operation.full_path == "/api/people/v2/people/{id}/in/{where.city}"
        assert operation.path_parameters == ("id", "where.city")
        assert operation.request_type is FULL.combined_message_class
        assert operation.body_type is Person
        assert operation.parameters_type is FULL.parameters_message_class
        assert operation.response_type is Place
        assert operation.doc == "Move.\n\nSomewhere else."
        assert operation.blocking is False
        assert isinstance(operation.factory(), People)
        request = operation.request_type(where=Place(city="Ulm"))
        assert operation.function(operation.factory(), request).city == "Ulm"
        assert operation.api_info is People.api_info  # type: ignore[attr-defined]
        assert operation.method_info is People.move_person.method_info  # type: ignore[attr-defined]

    def test_of_a_plain_message(self) -> None:
        operation = operation_of(Person, Place)
        assert (operation.request_type, operation.body_type, operation.parameters_type) == (Person, Person, None)
        assert (operation.id, operation.path, operation.http_method) == ("people.run", "run", "POST")
        assert operation.full_path == "/_ah/api/people/v1/run"
        assert (operation.doc, operation.parameter_descriptions, operation.metric_costs) == (None, {}, {})
        assert operation.blocking is True

    def test_message_classes_by_name(self) -> None:
        operation = operation_of("Person", "Place")
        assert (operation.request_type, operation.response_type) == (Person, Place)

    @pytest.mark.parametrize(
        ("of_api", "of_class", "of_method", "effective"),
        [
            (None, None, None, None),
            (["api"], None, None, ["api"]),
            (["api"], ["class"], None, ["class"]),
            (["api"], ["class"], ["method"], ["method"]),
            (["api"], None, [], []),
            (["api"], [], None, []),
        ],
    )
    def test_method_before_class_before_api(self, of_api: Any, of_class: Any, of_method: Any, effective: Any) -> None:
        collection = endpoints.api("people", "v1", audiences=of_api, scopes=of_api, allowed_client_ids=of_api)
        settings = {"audiences": of_method, "scopes": of_method, "allowed_client_ids": of_method}
        people = service(run=method(**settings))
        collection.api_class(audiences=of_class, scopes=of_class, allowed_client_ids=of_class)(people)
        (operation,) = collect([collection])[0].operations
        assert operation.audiences == effective
        assert operation.scopes == (effective if effective is not None else [endpoints.EMAIL_SCOPE])
        clients = effective if effective is not None else [endpoints.API_EXPLORER_CLIENT_ID]
        assert operation.allowed_client_ids == clients

    @pytest.mark.parametrize(
        ("of_api", "of_class", "of_method", "asks"),
        [
            pytest.param({}, {}, {}, False, id="nobody says anything"),
            pytest.param({"scopes": ["s"]}, {}, {}, True, id="scopes"),
            pytest.param({"audiences": ["a"]}, {}, {}, True, id="audiences"),
            pytest.param({"allowed_client_ids": []}, {}, {}, True, id="no clients at all"),
            pytest.param({"issuers": {"i": endpoints.Issuer("i", "j")}}, {}, {}, True, id="issuers"),
            pytest.param({"auth_level": AUTH_LEVEL.OPTIONAL}, {}, {}, True, id="level"),
            pytest.param({"auth_level": AUTH_LEVEL.NONE}, {}, {}, False, id="level none"),
            pytest.param({"api_key_required": True}, {}, {}, False, id="an API key is no identity"),
            pytest.param({}, {"audiences": ["a"]}, {}, True, id="class"),
            pytest.param({}, {"auth_level": AUTH_LEVEL.REQUIRED}, {}, True, id="level of the class"),
            pytest.param({}, {}, {"scopes": ["s"]}, True, id="method"),
            pytest.param({}, {}, {"auth_level": AUTH_LEVEL.OPTIONAL_CONTINUE}, True, id="level of the method"),
            pytest.param(
                {"auth_level": AUTH_LEVEL.REQUIRED}, {}, {"auth_level": AUTH_LEVEL.NONE}, False, id="level undone"
            ),
        ],
    )
    def test_who_asks_for_authentication(self, of_api: Any, of_class: Any, of_method: Any, asks: bool) -> None:
        collection = endpoints.api("people", "v1", **of_api)
        collection.api_class(**of_class)(service(run=method(**of_method)))
        (operation,) = collect([collection])[0].operations
        assert operation.asks_for_auth is asks

    def test_keys_costs_and_request_uri(self) -> None:
        limits = [endpoints.LimitDefinition("reads", "Reads", 10)]
        api = endpoints.api("people", "v1", api_key_required=True, use_request_uri=True, limit_definitions=limits)
        people = service(
            inherits=method(metric_costs={"reads": 2}), own=method(api_key_required=False, use_request_uri=False)
        )
        inherits, own = collect([api(people)])[0].operations
        assert (inherits.api_key_required, inherits.use_request_uri, inherits.metric_costs) == (
            True,
            True,
            {"reads": 2},
        )
        assert (own.api_key_required, own.use_request_uri, own.metric_costs) == (False, False, {})


class TestCollect:
    def test_nothing(self) -> None:
        assert collect([]) == ()
        assert collect([endpoints.api("people", "v1")]) == ()

    def test_an_api_without_methods(self) -> None:
        (api,) = collect((endpoints.api("people", "v1")(service()),))
        assert api.operations == ()
        assert (api.name, api.version, api.path_version, api.base_path) == ("people", "v1", "v1", "/_ah/api/")
        assert api.root_path == "/_ah/api/people/v1/"

    def test_methods_of_protorpc_alone_are_not_served(self) -> None:
        class Plain(remote.Service):
            @remote.method(Person, Person)
            def run(self, request: Person) -> Person: ...

        assert collect([endpoints.api("people", "v1")(Plain)])[0].operations == ()

    def test_versions_and_classes_are_grouped(self) -> None:
        library = endpoints.api("library", "v1")
        other = endpoints.api("library", "v2")
        shelves = library.api_class(path="shelves")(service("Shelves", b=method(), a=method()))
        people = other(service("People", c=method()))
        books = library.api_class(path="books")(service("Books", d=method()))
        apis = collect([shelves, people, books])
        assert [(api.version, api.classes) for api in apis] == [("v1", (shelves, books)), ("v2", (people,))]
        assert [each.rpc_name for each in apis[0].operations] == ["Shelves.b", "Shelves.a", "Books.d"]
        assert apis[0].info is shelves.api_info

    def test_a_factory_makes_the_instances(self) -> None:
        class Counter(remote.Service):
            def __init__(self, start: int) -> None:
                self.start = start

            @endpoints.method(Person, Person)
            def run(self, request: Person) -> Person: ...

        endpoints.api("people", "v1")(Counter)
        (operation,) = collect([Counter.new_factory(7)])[0].operations
        made: Any = operation.factory()
        assert (operation.service, made.start) == (Counter, 7)

    def test_inherited_methods(self) -> None:
        base = service("Base", run=method())
        derived = endpoints.api("people", "v1")(type("Derived", (base,), {}))
        assert [each.rpc_name for each in collect([derived])[0].operations] == ["Derived.run"]

    @pytest.mark.parametrize("given", [object, "people", type("Plain", (), {})], ids=repr)
    def test_what_is_no_service(self, given: Any) -> None:
        with pytest.raises(TypeError, match="cannot be served"):
            collect([given])

    def test_a_class_without_the_decorator(self) -> None:
        with pytest.raises(endpoints.ApiConfigurationError, match="class People is not decorated"):
            collect([service(run=method())])

    def test_a_method_without_the_decorator(self) -> None:
        class Mixed(remote.Service):
            @endpoints.method(Person, Person)
            def run(self, request: Person) -> Person: ...

            @remote.method(Person, Person)
            def other(self, request: Person) -> Person: ...

        with pytest.raises(endpoints.ApiConfigurationError, match=r"Mixed\.other is not decorated"):
            collect([endpoints.api("people", "v1")(Mixed)])

    @pytest.mark.parametrize(
        ("settings", "kind", "text"),
        [
            (method(path="a{x}b"), endpoints.ApiConfigurationError, "People.run: path 'a{x}b'"),
            (
                method(FULL, Person, path="{name}"),
                endpoints.ApiConfigurationError,
                "People.run: path '{name}' names 'name'",
            ),
            (method(FULL, Person, path="{where}"), TypeError, "People.run: path '{where}': 'where' is a MessageField"),
            (
                method(FULL, Person, path="{where.x}"),
                TypeError,
                "People.run: path '{where.x}': there is no field 'where.x'",
            ),
            (method(FULL, Person, path="{id.x}"), TypeError, "People.run: path '{id.x}': there is no field 'id.x'"),
            (method(path="{born}"), TypeError, "People.run: path '{born}': 'born' is a DateTimeField"),
            (method(path="{home}"), TypeError, "People.run: path '{home}': 'home' is a MessageField"),
            (method(http_method=5), TypeError, "People.run: http_method must be a string"),
            (method("Nobody", Person), messages.DefinitionNotFoundError, "People.run: request_message: "),
            (method(Person, "Nobody"), messages.DefinitionNotFoundError, "People.run: response_message: "),
            (
                method(Person, "protorpc.messages.Variant"),
                TypeError,
                "People.run: response_message must be a message class",
            ),
            (
                method(Tree, Person, http_method="GET"),
                endpoints.ApiConfigurationError,
                "parameter 'children' is a Tree",
            ),
            (
                method(endpoints.ResourceContainer(tree=messages.MessageField(Tree, 1)), Person),
                endpoints.ApiConfigurationError,
                "People.run: the parameter 'children' is a Tree, which contains itself",
            ),
        ],
    )
    def test_mistakes_of_one_method(self, settings: Any, kind: type[Exception], text: str) -> None:
        with pytest.raises(kind) as raised:
            api_of(run=settings)
        assert text in str(raised.value)

    @pytest.mark.parametrize(
        "settings",
        [
            method(FULL, Person, path="{id}/{where.city}"),
            method(path="{name}/{home.city}"),
            method(Tree, Tree),
            method(http_method="FROB"),
            method(endpoints.ResourceContainer(w=messages.StringField(1, repeated=True)), Person, path="{w}"),
        ],
        ids=["container", "plain message", "recursive body", "unknown verb", "repeated"],
    )
    def test_what_can_be_served(self, settings: Any) -> None:
        assert len(api_of(run=settings).operations) == 1

    @pytest.mark.parametrize(
        ("one", "two", "text"),
        [
            (method(path="p"), method(path="p"), "POST path 'p' is used by both People.one and People.two"),
            (method(path="p", http_method="get"), method(path="p", http_method="GET"), "GET path 'p'"),
            (
                method(path="p", name="same"),
                method(path="q", name="same"),
                "API 'people', version 'v1': the method id 'people.same' is used by both People.one and People.two",
            ),
        ],
    )
    def test_two_methods_in_one_place(self, one: Any, two: Any, text: str) -> None:
        with pytest.raises(endpoints.ApiConfigurationError) as raised:
            api_of(one=one, two=two)
        assert text in str(raised.value)

    def test_one_path_with_two_verbs(self) -> None:
        assert len(api_of(one=method(path="p"), two=method(path="p", http_method="PUT")).operations) == 2

    def test_a_class_that_comes_twice(self) -> None:
        collection = endpoints.api("people", "v1")
        people = collection(service(run=method()))
        with pytest.raises(endpoints.ApiConfigurationError, match="class People is given to the server twice"):
            collect([collection, people])

    def test_two_classes_of_one_name(self) -> None:
        classes = [endpoints.api(name, "v1")(service(run=method())) for name in ("one", "two")]
        with pytest.raises(endpoints.ApiConfigurationError, match="two classes are named People"):
            collect(classes)

    def test_two_declarations_of_one_api(self) -> None:
        one = endpoints.api("people", "v1")(service("One", one=method()))
        two = endpoints.api("people", "v1")(service("Two", two=method()))
        with pytest.raises(endpoints.ApiConfigurationError, match="One and Two are decorated by different calls"):
            collect([one, two])


class TestWarnings:
    def collected(self, *services: Any) -> list[warnings.WarningMessage]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            collect(services)
        return caught

    @pytest.mark.parametrize("name", ["camelCase", "1st", "my-api", "my_api", "", "a" * 41])
    def test_names_that_do_not_deploy_together(self, name: str) -> None:
        odd = endpoints.api(name, "v1")(service("Odd"))
        plain = endpoints.api("plain", "v1")(service("Plain"))
        assert self.collected(odd) == []
        (caught,) = self.collected(odd, plain)
        assert caught.category is endpoints.DeploymentWarning
        assert repr(name) in str(caught.message)

    def test_metrics_without_a_limit(self) -> None:
        limits = [endpoints.LimitDefinition("reads", "Reads", 10)]
        people = service(run=method(metric_costs={"reads": 1, "writes": 1}))
        (caught,) = self.collected(endpoints.api("people", "v1", limit_definitions=limits)(people))
        assert caught.category is endpoints.ConfigurationWarning
        assert "People.run: metric_costs names 'writes'" in str(caught.message)

    def test_a_path_with_a_name_that_no_field_has(self) -> None:
        (caught,) = self.collected(endpoints.api("people", "v1")(service(run=method(path="{nobody}"))))
        assert "People.run: path '{nobody}' names 'nobody', no field of Person" in str(caught.message)

    def test_a_method_that_nobody_can_reach(self) -> None:
        container = endpoints.ResourceContainer(a=messages.StringField(1), b=messages.StringField(2))
        people = service(a=method(container, Person, path="p/{a}"), b=method(container, Person, path="p/{b}"))
        (caught,) = self.collected(endpoints.api("people", "v1")(people))
        assert "People.b" in str(caught.message)
        assert "People.a" in str(caught.message)

    def test_two_versions_at_one_address(self) -> None:
        one = endpoints.api("people", "2.1.0")(service("One", run=method()))
        two = endpoints.api("people", "2.2.0")(service("Two", run=method()))
        (caught,) = self.collected(one, two)
        assert "/_ah/api/people/v2/run" in str(caught.message)
