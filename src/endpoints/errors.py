"""The original's module of errors about parameters; here they are ordinary exceptions that a method may raise too."""

from endpoints.exceptions import BadRequestException as RequestRejectionError
from endpoints.exceptions import BasicTypeParameterError, EnumRejectionError, InvalidParameterError
from endpoints.exceptions import ServiceException as RequestError

__all__ = [
    "BasicTypeParameterError",
    "EnumRejectionError",
    "InvalidParameterError",
    "RequestError",
    "RequestRejectionError",
]
