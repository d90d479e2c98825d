"""Models as messages: one module per kind of model, none of which is imported before such a model is met."""
