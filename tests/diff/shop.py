"""One small API as a document of each format, for tests to change."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

ITEMS = "/shop/v2/items"
ITEM = "/shop/v2/items/{id}"
SETTINGS = "/shop/v2/settings"
COLOR: Json = {"type": "string", "enum": ["BLUE", "RED"]}


def openapi2() -> Json:
    """GET answers what it alone uses, PUT takes what it alone uses, POST takes and answers the same."""
    return {
        "swagger": "2.0",
        "info": {"title": "shop", "version": "2.1.0"},
        "host": "shop.example.com",
        "basePath": "/api",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {
            ITEMS: {
                "get": {
                    "operationId": "Items_list",
                    "parameters": [
                        {"name": "q", "in": "query", "required": True, "type": "string"},
                        {"name": "limit", "in": "query", "type": "integer", "format": "int32", "default": 10},
                        {"name": "color", "in": "query", **COLOR},
                        {
                            "name": "tag",
                            "in": "query",
                            "type": "array",
                            "items": {"type": "string"},
                            "collectionFormat": "multi",
                        },
                    ],
                    "responses": {"200": {"description": "", "schema": _two("Page")}},
                },
                "post": {
                    "operationId": "Items_add",
                    "parameters": [{"name": "body", "in": "body", "required": True, "schema": _two("Item")}],
                    "responses": {"200": {"description": "", "schema": _two("Item")}},
                },
            },
            ITEM: {
                "delete": {
                    "operationId": "Items_delete",
                    "parameters": [{"name": "id", "in": "path", "required": True, "type": "string"}],
                    "responses": {"204": {"description": ""}},
                }
            },
            SETTINGS: {
                "put": {
                    "operationId": "Settings_set",
                    "parameters": [{"name": "body", "in": "body", "required": True, "schema": _two("Settings")}],
                    "responses": {"204": {"description": ""}},
                }
            },
        },
        "definitions": _schemas(_two),
        "securityDefinitions": {
            "key": {"type": "apiKey", "in": "query", "name": "key"},
            "token": {
                "type": "oauth2",
                "flow": "implicit",
                "authorizationUrl": "https://accounts.example.com/",
                "scopes": {"read": "", "write": ""},
                "x-google-issuer": "https://a.example",
                "x-google-audiences": "one",
            },
        },
    }


def openapi3() -> Json:
    """The same in OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "shop", "version": "2.1.0"},
        "servers": [{"url": "https://shop.example.com/api"}],
        "paths": {
            ITEMS: {
                "get": {
                    "operationId": "Items_list",
                    "tags": ["Items"],
                    "parameters": [
                        {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}},
                        {
                            "name": "limit",
                            "in": "query",
                            "schema": {"type": "integer", "format": "int32", "default": 10, "maximum": 100},
                        },
                        {"name": "color", "in": "query", "schema": {**COLOR}},
                        {"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    ],
                    "responses": {"200": _content("Page"), "4XX": _content("Error")},
                },
                "post": {
                    "operationId": "Items_add",
                    "tags": ["Items"],
                    "requestBody": {"required": True, **_content("Item")},
                    "responses": {"200": _content("Item")},
                },
            },
            ITEM: {
                "delete": {
                    "operationId": "Items_delete",
                    "tags": ["Items"],
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "responses": {"204": {"description": ""}},
                }
            },
            SETTINGS: {
                "put": {
                    "operationId": "Settings_set",
                    "tags": ["Settings"],
                    "requestBody": {"required": True, **_content("Settings")},
                    "responses": {"204": {"description": ""}},
                }
            },
        },
        "components": {
            "schemas": {
                **_schemas(_three),
                "Error": {"type": "object", "properties": {"code": {"type": "integer"}}, "required": ["code"]},
            },
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "key"},
                "token": {"type": "http", "scheme": "bearer"},
                "oauth": {"type": "oauth2", "flows": {}},
            },
        },
    }


def discovery() -> Json:
    """The same as a discovery document."""
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "name": "shop",
        "version": "2.1.0",
        "rootUrl": "https://shop.example.com/api/",
        "servicePath": "shop/v2/",
        "parameters": {"fields": {"type": "string", "location": "query"}},
        "resources": {
            "items": {
                "methods": {
                    "list": {
                        "id": "shop.items.list",
                        "path": "items",
                        "httpMethod": "GET",
                        "parameters": {
                            "q": {"type": "string", "location": "query", "required": True},
                            "limit": {"type": "integer", "format": "int32", "default": "10", "location": "query"},
                            "color": {**COLOR, "location": "query"},
                            "tag": {"type": "string", "repeated": True, "location": "query"},
                        },
                        "parameterOrder": ["q"],
                        "response": {"$ref": "Page"},
                    },
                    "add": {
                        "id": "shop.items.add",
                        "path": "items",
                        "httpMethod": "POST",
                        "request": {"$ref": "Item"},
                        "response": {"$ref": "Item"},
                    },
                    "delete": {
                        "id": "shop.items.delete",
                        "path": "items/{id}",
                        "httpMethod": "DELETE",
                        "parameters": {"id": {"type": "string", "location": "path", "required": True}},
                        "parameterOrder": ["id"],
                    },
                },
                "resources": {
                    "settings": {
                        "methods": {
                            "set": {
                                "id": "shop.items.settings.set",
                                "path": "settings",
                                "httpMethod": "PUT",
                                "request": {"$ref": "Settings"},
                            }
                        }
                    }
                },
            }
        },
        "schemas": {
            name: {key: value for key, value in schema.items() if key != "required"}
            for name, schema in _schemas(lambda name: {"$ref": name}).items()
        },
    }


DOCUMENTS = {"openapi2": openapi2, "openapi3": openapi3, "discovery": discovery}


def schemas(document: Json) -> Json:
    """The schemas of a document of any format."""
    found: Json = document.get("definitions") or document.get("schemas") or document.get("components", {})["schemas"]
    return found


def _schemas(reference: Any) -> Json:
    return {
        "Page": {
            "type": "object",
            "properties": {"items": {"type": "array", "items": reference("Found")}, "next": {"type": "string"}},
            "required": ["items"],
        },
        "Found": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "color": {**COLOR}, "parent": reference("Found")},
            "required": ["name"],
        },
        "Item": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "stock": {"type": "integer", "format": "int32"},
                "color": {**COLOR},
                "made": {"type": "string", "format": "date-time"},
                "inner": reference("Item"),
            },
            "required": ["name"],
        },
        "Settings": {
            "type": "object",
            "properties": {"theme": {"type": "string"}, "color": {**COLOR}},
            "required": ["theme"],
        },
        "Unused": {"type": "object", "properties": {"x": {"type": "string"}}},
    }


def _two(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def _three(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(name: str) -> Json:
    return {"description": "", "content": {"application/json": {"schema": _three(name)}}}
