from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import endpoints

NAMES = {
    "api_config": "api method AUTH_LEVEL EMAIL_SCOPE Issuer LimitDefinition Namespace ApiAuth ApiFrontEndLimits "
    "ApiFrontEndLimitRule ApiConfigGenerator package",
    "api_exceptions": "ServiceException BadRequestException UnauthorizedException ForbiddenException NotFoundException "
    "ConflictException GoneException PreconditionFailedException RequestEntityTooLargeException "
    "InternalServerErrorException ApiConfigurationError InvalidNamespaceException InvalidLimitDefinitionException "
    "InvalidApiNameException ToolError",
    "constants": "API_EXPLORER_CLIENT_ID",
    "errors": "RequestError RequestRejectionError InvalidParameterError BasicTypeParameterError EnumRejectionError",
    "resource_container": "ResourceContainer",
    "types": "OAuth2Scope Issuer LimitDefinition Namespace",
    "util": "get_app_hostname",
}


@pytest.mark.parametrize("module", NAMES)
def test_old_modules_hold_what_applications_take_from_them(module: str) -> None:
    found = importlib.import_module(f"endpoints.{module}")
    for name in NAMES[module].split():
        assert getattr(found, name) is getattr(endpoints, name, getattr(found, name))


def test_old_modules_are_there_after_one_import() -> None:
    code = f"import endpoints\nfor name in {list(NAMES)}: getattr(endpoints, name)"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)  # noqa: S603


def test_everything_public_exists() -> None:
    assert [name for name in endpoints.__all__ if not hasattr(endpoints, name)] == []


def test_the_message_of_errors() -> None:
    message = endpoints.EndpointsErrorMessage(
        state=endpoints.EndpointsErrorMessage.State.APPLICATION_ERROR, error_message="m"
    )
    assert message.state.number == 5
    assert type(message).definition_name() == "google.appengine.endpoints.EndpointsErrorMessage"
