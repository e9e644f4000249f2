"""An empty typer verb with rich off: the least that any command line of this kind costs."""

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def verb(name: str = "") -> None:
    """Do nothing."""


if __name__ == "__main__":
    app()
