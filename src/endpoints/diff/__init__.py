"""What two descriptions of an API differ in, and what that means for clients generated from the older one.

In reading order: `model` is an API in terms of no document format. `files` reads files (with `yaml_text`), `nodes`
walks what they hold, `documents` makes a model of it, with the readers `discovery`, `openapi2`, `openapi3` and
`json_schema`. `rules` says what each kind of difference means. `comparison` finds the differences, by way of
`matching` (which operation is which), `operations`, `parameters`, `values` and `access`. `verdict` weighs them against
the declared versions, and `report` writes it all down.
"""
