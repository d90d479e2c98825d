"""The languages that others write client libraries for, and from which document."""

from __future__ import annotations

from typing import Final

_GOOGLE: Final = {
    "csharp": "Google.Api.Generator.Rest of googleapis/gapic-generator-csharp",
    "dart": "the package discoveryapis_generator",
    "go": "google-api-go-generator of googleapis/google-api-go-client",
    "java": "the generator in googleapis/google-api-java-client-services",
    "objective-c": "ServiceGenerator of google/google-api-objectivec-client-for-rest",
    "ruby": "the gem google-apis-generator",
}
_NAMES_OF_OPENAPI_GENERATOR: Final = {"c++": "cpp-restsdk", "c#": "csharp", "objective-c": "objc", "swift": "swift6"}
_OTHER_WORDS: Final = {"c#": "csharp", "dotnet": "csharp", ".net": "csharp", "objc": "objective-c"}
_JAVASCRIPT: Final = "the package that `endpoints client typescript` writes is plain JavaScript with types beside it"
_WRITTEN_HERE: Final = {
    "javascript": _JAVASCRIPT,
    "js": _JAVASCRIPT,
    "py": "say python",
    "python": "say python",
    "ts": "say typescript",
    "typescript": "say typescript",
}


def advice(language: str) -> str:
    """Return in a line which public generator to feed which document to.

    >>> advice("kotlin")
    'kotlin: feed the OpenAPI document (endpoints openapi) to openapi-generator-cli generate -g kotlin'
    """
    word = _OTHER_WORDS.get(language.lower(), language.lower())
    if word in _WRITTEN_HERE:
        return f"{language}: {_WRITTEN_HERE[word]}"
    text = (
        f"{language}: feed the OpenAPI document (endpoints openapi) to openapi-generator-cli generate "
        f"-g {_NAMES_OF_OPENAPI_GENERATOR.get(word, word)}"
    )
    google = _GOOGLE.get(word)
    return f"{text}, or the discovery document (endpoints discovery) to {google}" if google else text
