"""Reading and writing git repositories: the only place that runs git."""
