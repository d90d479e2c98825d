"""Where entities are kept: one module per kind of model, imported when such a model is met."""
